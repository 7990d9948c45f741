import { setTimeout as sleep } from 'node:timers/promises';
import { stampOf, type ArmName } from './doors.ts';
import { answerParent } from './processes.ts';
import type { Arm } from './raw-arms.ts';

/** The process of one server: `server-main.ts ARM`. */

export type ServerMethods = typeof METHODS;

/** A collection goes on in threads of its own; some memory is free only after a second one. */
const COLLECTED_MS = 100;

/** What is not asked for is not loaded, so that it costs no memory. */
const START: Readonly<Record<ArmName, () => Promise<Arm>>> = {
  edgebook: async () => (await import('./edgebook-arm.ts')).startEdgebookArm(),
  edgebookSse: async () => (await import('./edgebook-arm.ts')).startEdgebookArm(),
  rawWebSocket: async () => (await import('./raw-arms.ts')).startRawWebSocket(),
  rawSse: async () => (await import('./raw-arms.ts')).startRawSse(),
  graphqlWs: async () => (await import('./stock-arms.ts')).startGraphqlWs(),
  mercurius: async () => (await import('./stock-arms.ts')).startMercurius(),
  yogaSse: async () => (await import('./stock-arms.ts')).startYogaSse(),
};

const arm = await START[process.argv[2] as ArmName]();
let before = process.cpuUsage();

async function collectGarbage(): Promise<void> {
  globalThis.gc?.();
  await sleep(COLLECTED_MS);
  globalThis.gc?.();
}

const METHODS = {
  port: (): number => arm.port,
  /** One change now. */
  probe: (round: number): void => void arm.publish(stampOf(round)),
  /** So many changes at an even pace; resolves after the last. The CPU's time counts from here. */
  publish: async (round: number, changes: number, everyMs: number): Promise<void> => {
    await collectGarbage();
    await sleep(COLLECTED_MS);
    before = process.cpuUsage();
    const start = performance.now();
    for (let change = 0; change < changes; change += 1) {
      const waitMs = start + change * everyMs - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      arm.publish(stampOf(round));
    }
  },
  /** Of all threads of this process, since the publication began. */
  cpuMicros: (): number => {
    const { user, system } = process.cpuUsage(before);
    return user + system;
  },
  /** After a garbage collection. */
  residentBytes: async (): Promise<number> => {
    await collectGarbage();
    return process.memoryUsage.rss();
  },
};

answerParent(METHODS);
