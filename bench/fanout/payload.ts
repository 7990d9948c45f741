import { availabilityChanged } from '../../src/market/event-drafts.ts';
import { randomUUID } from 'node:crypto';
import type { CacheEvent } from '../../src/domain/cache-event.ts';
import { unitId, type Unit } from '../../src/domain/gpu.ts';
import { partitionOf } from '../../src/domain/partition.ts';
import { toIso } from '../../src/domain/time.ts';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import { encodeCursor } from '../../src/live/cursor.ts';
import { OPERATION_ID, REGION } from './doors.ts';

const ID = unitId({ gpuType: 'bench-gpu', region: REGION }, 1);
/** From here on, so that all versions have as many digits. */
const FIRST_VERSION = 1_000_000;
const BASE = BigInt(Date.now()) * 1000n;

let count = 0;

/** A new version of the unit, which goes out of service and comes back in turns. */
function nextChange() {
  count += 1;
  const [status, previousStatus] =
    count % 2 === 0 ? (['AVAILABLE', 'OFFLINE'] as const) : (['OFFLINE', 'AVAILABLE'] as const);
  return { status, previousStatus, version: FIRST_VERSION + count, at: Date.now() };
}

/** What the market tells of the next version; the stamp is its reason. */
export function nextEvent(stamp: string): CacheEvent {
  const { status, previousStatus, version, at } = nextChange();
  const unit: Unit = {
    id: ID,
    gpuType: 'bench-gpu',
    region: REGION,
    provider: 'bench',
    gpuCount: 8,
    cpuCores: null,
    ramGb: null,
    diskGb: null,
    trustTier: 'VERIFIED',
    reliability: null,
    status,
    version,
    createdAt: at,
    offer: null,
    busy: [],
  };
  return {
    ...availabilityChanged(unit, previousStatus, stamp, null),
    eventId: randomUUID(),
    timestamp: at,
    sourceNode: 'bench',
  };
}

/** The data that clients are sent of the next version, for servers that know no events. */
export function nextData(stamp: string) {
  const { status, previousStatus, version, at } = nextChange();
  const sequence = BASE + BigInt(count);
  return {
    availabilityChanged: {
      __typename: 'AvailabilityChange',
      gpu: { id: encodeGlobalId('Gpu', ID), name: ID, status, version },
      previousStatus,
      status,
      reason: stamp,
      sequence: sequence.toString(),
      cursor: encodeCursor(new Map([[partitionOf(REGION), { base: BASE, sequence }]])),
      at: toIso(at),
    },
  };
}

/** The same in the bytes of edgebook's message. */
export function nextMessage(stamp: string): Buffer {
  const data = JSON.stringify(nextData(stamp));
  return Buffer.from(`{"id":"${OPERATION_ID}","type":"next","payload":{"data":${data}}}`);
}

/** The same in the bytes of edgebook's server-sent event. */
export function nextServerSentEvent(stamp: string): Buffer {
  const data = nextData(stamp);
  const { cursor } = data.availabilityChanged;
  return Buffer.from(`event: next\nid: ${cursor}\ndata: {"data":${JSON.stringify(data)}}\n\n`);
}
