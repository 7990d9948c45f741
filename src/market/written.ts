import { AsyncLocalStorage } from 'node:async_hooks';
import { UNPUBLISHED, type ConsistencyToken } from '../domain/consistency-token.ts';
import { PARTITIONS } from '../domain/partition.ts';

type Place = ConsistencyToken['partitions'] extends ReadonlyMap<number, infer P> ? P : never;

interface Written {
  token: ConsistencyToken | null;
}

/*
 * What a command wrote is known where its transaction ends and wanted where its answer is made; it
 * travels beside the results, because no use case in between has anything to do with it.
 */
const underWay = new AsyncLocalStorage<Written>();

/** Runs a command and tells how new an answer must be to show what it wrote; null when it wrote nothing. */
export async function collectWritten<T>(
  command: () => Promise<T>,
): Promise<{ readonly result: T; readonly token: ConsistencyToken | null }> {
  const written: Written = { token: null };
  const result = await underWay.run(written, command);
  return { result, token: written.token };
}

/** Called by the writer once its events are published, or waiting for that was given up. */
export function noteWritten(token: ConsistencyToken): void {
  const written = underWay.getStore();
  if (written) written.token = bothOf(written.token, token);
}

/** A write of some time ago, made by another node perhaps: where its events stand is not known. */
export function writtenSomewhere(): ConsistencyToken {
  const places = Array.from(
    { length: PARTITIONS },
    (_, partition) => [partition, UNPUBLISHED] as const,
  );
  return { issuedAt: Date.now(), partitions: new Map(places) };
}

/** At least as new as both. */
export function bothOf(a: ConsistencyToken | null, b: ConsistencyToken): ConsistencyToken {
  if (a === null) return b;
  const partitions = new Map(a.partitions);
  for (const [partition, place] of b.partitions) {
    partitions.set(partition, later(partitions.get(partition), place));
  }
  return { issuedAt: Math.max(a.issuedAt, b.issuedAt), partitions };
}

function later(a: Place | undefined, b: Place): Place {
  if (a === undefined || b === UNPUBLISHED) return b;
  if (a === UNPUBLISHED) return a;
  if (a.base !== b.base) return a.base > b.base ? a : b;
  return a.sequence > b.sequence ? a : b;
}
