import { expect } from 'vitest';
import type { FaultFleet, FaultNode } from './fault-fleet.ts';
import { until } from './wait.ts';

/** Something that breaks, and how it is mended where it does not mend itself. */
export interface Fault {
  readonly begin: () => unknown;
  readonly end?: () => unknown;
}

/** How long the wait was, in whole ms. */
export async function timed(wait: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await wait();
  return Math.round(performance.now() - start);
}

/** Resolves when the node answers this price from its memory: events reach it and it trusts them. */
export async function expectWell(node: FaultNode, price: number): Promise<void> {
  const isWell = async (): Promise<boolean> => {
    const { usd, servedFrom } = await node.read();
    return usd === price && servedFrom === 'L1';
  };
  await until(isWell, { what: 'the new price from memory', timeoutMs: 20_000 });
}

/**
 * What every fault of Redis must leave true: writes succeed, their node shows them at once, the others
 * soon and by a push, nobody answers anything old all the while, and all is well again by itself. Prints
 * the times.
 */
export async function expectSurvived(fleet: FaultFleet, name: string, fault: Fault): Promise<void> {
  const { writer, reader } = fleet;
  const leaving = new AbortController();
  const pushed = reader.follow(leaving.signal);
  const isFollowing = async (): Promise<boolean> => (await writer.write()) > 0 && pushed.size > 0;
  await until(isFollowing, { what: 'the first push' });
  await reader.read();
  const watch = fleet.watch();
  await fault.begin();
  const during = await writer.write();
  expect((await writer.read()).usd).toBe(during);
  const isSeen = async (): Promise<boolean> => (await reader.read()).usd === during;
  const seenMs = await timed(() => until(isSeen, { what: 'the write on the other node' }));
  await fault.end?.();
  const after = await writer.write();
  const recoveredMs = await timed(() => expectWell(reader, after));
  expect((await writer.read()).usd).toBe(after);
  await until(() => [during, after].every((usd) => pushed.has(usd)), { what: 'both pushes' });
  leaving.abort();
  const { reads, stale } = await watch.stop();
  const told = `seen ${seenMs} ms, recovered ${recoveredMs} ms, ${reads} reads`;
  process.stdout.write(`${name}: ${told}, ${stale.length} stale\n`);
  expect(stale).toEqual([]);
}
