import type { CacheEvent } from '../domain/cache-event.ts';
import { parsePairKey, type Pair } from '../domain/catalog.ts';
import { pairOfUnit } from '../domain/gpu.ts';
import { partitionOf } from '../domain/partition.ts';
import type { PairFilter } from './types.ts';

/** Whether a pair passes: absent lists let everything pass, an unknown name lets nothing pass. */
export function pairMatcher(filter: PairFilter): (pair: Pair) => boolean {
  const gpuTypes = filter.gpuTypes ? new Set(filter.gpuTypes) : null;
  const regions = filter.regions ? new Set(filter.regions) : null;
  return ({ gpuType, region }) =>
    (gpuTypes?.has(gpuType) ?? true) && (regions?.has(region) ?? true);
}

/** Partitions of the events that name such pairs and nothing else: those of the asked regions. */
export function partitionMatcher({ regions }: PairFilter): (partition: number) => boolean {
  const partitions = regions ? new Set(regions.map(partitionOf)) : null;
  return (partition) => partitions?.has(partition) ?? true;
}

/** The pairs that an event's keys and resource name, e.g. `gpu:us-east-1/h100-sxm/0042`. */
export function pairsOf(event: CacheEvent): Pair[] {
  const names = event.keys.map(({ key }) => key.slice(key.indexOf(':') + 1));
  return [event.resourceId, ...names].flatMap(
    (name) => pairOfUnit(name) ?? parsePairKey(name) ?? [],
  );
}
