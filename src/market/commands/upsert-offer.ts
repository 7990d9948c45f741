import { InvalidInputError, VersionConflictError } from '../../domain/errors.ts';
import type { Micros } from '../../domain/money.ts';
import { defaultBounds, offerRate, type Offer } from '../../domain/offer.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { pairBase, readPairPrice, writePairPrice } from '../../store/price-store.ts';
import { putOffer } from '../../store/unit-write-store.ts';
import { pricingUpdated } from '../event-drafts.ts';
import { idempotently, type Remembered } from '../idempotent.ts';
import { requireRange, requireRate } from '../input-rules.ts';
import type { LockedUnit } from '../locked-unit.ts';
import type { UpsertOfferCommand } from '../command-types.ts';
import type { UnitOfWork, Work } from '../unit-of-work.ts';
import { lockOwnUnit } from './own-unit.ts';

const INPUT = ['input'];
/** 90 days, the horizon of bookings. */
const MAX_DURATION_MINUTES = 129_600;

/** Makes or changes the ask of one unit; existing bookings and valid quotes keep their price. */
export async function upsertOffer(
  unitOfWork: UnitOfWork,
  viewer: Viewer,
  command: UpsertOfferCommand,
): Promise<Remembered<{ gpuId: string }>> {
  const bounds = requireTerms(command);
  const { accountId } = viewer;
  return idempotently(
    unitOfWork,
    { operation: 'upsertOffer', accountId, command },
    async (work) => {
      const locked = await lockOwnUnit(work, viewer, command.gpuId);
      const old = locked.unit.offer;
      if (command.ifVersion !== null && command.ifVersion !== (old?.version ?? 0)) {
        throw new VersionConflictError('The offer', old?.version ?? 0);
      }
      await changeOffer(work, locked, { ...command, ...bounds });
      return { gpuId: command.gpuId };
    },
  );
}

interface Bounds {
  readonly floorMicros: Micros;
  readonly capMicros: Micros;
}

function requireTerms(command: UpsertOfferCommand): Bounds {
  const { baseMicros, minDurationMinutes, maxDurationMinutes } = command;
  requireRate(baseMicros, ['input', 'baseUsdPerGpuHour']);
  const usual = defaultBounds(baseMicros);
  const floorMicros = command.floorMicros ?? usual.floorMicros;
  const capMicros = command.capMicros ?? usual.capMicros;
  if (command.capMicros !== null) requireRate(capMicros, ['input', 'capUsdPerGpuHour']);
  if (floorMicros > baseMicros || baseMicros > capMicros) {
    const message = 'The floor is at most the base price, and the cap at least.';
    throw new InvalidInputError(message, INPUT, 'floor <= base <= cap');
  }
  requireRange(minDurationMinutes, [1, MAX_DURATION_MINUTES], ['input', 'minDurationMinutes']);
  requireRange(
    maxDurationMinutes,
    [minDurationMinutes, MAX_DURATION_MINUTES],
    ['input', 'maxDurationMinutes'],
  );
  return { floorMicros, capMicros };
}

async function changeOffer(
  work: Work,
  locked: LockedUnit,
  command: UpsertOfferCommand & Bounds,
): Promise<void> {
  const { unit, now } = locked;
  const price = await readPairPrice(work.tx, unit);
  if (!price) throw new Error(`unit ${unit.id} has no pair`);
  const offer: Offer = {
    gpuId: unit.id,
    mode: command.mode,
    rateMicros: offerRate(command, price.multiplierMillionths),
    baseMicros: command.baseMicros,
    floorMicros: command.floorMicros,
    capMicros: command.capMicros,
    minDurationMinutes: command.minDurationMinutes,
    maxDurationMinutes: command.maxDurationMinutes,
    status: command.status,
    version: (unit.offer?.version ?? 0) + 1,
  };
  await putOffer(work.tx, offer, now);
  const rateMicros = price.rateMicros ?? (await pairBase(work.tx, unit)) ?? offer.rateMicros;
  if (price.rateMicros === null) {
    const { multiplierMillionths } = price;
    await writePairPrice(
      work.tx,
      unit,
      { rateMicros, multiplierMillionths },
      { now, heldUntil: null },
    );
    work.tick(unit, rateMicros, now);
  }
  const { gpuType, region } = unit;
  work.emit(
    pricingUpdated({ gpuType, region, rateMicros, previousMicros: price.rateMicros }, [unit.id]),
    now,
  );
  work.touch(unit, now, { stats: true, unitIds: [unit.id] });
}
