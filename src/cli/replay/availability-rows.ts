import { pairKey, slugify, type Pair } from '../../domain/catalog.ts';
import { BadCellError, readInteger, readLabel, readText } from '../cells.ts';

/** The columns of an availability trace that the replay needs. */
export const AVAILABILITY_COLUMNS = [
  'kind',
  'cluster',
  'zone',
  'gpu_model',
  'gpus_per_node',
  'at',
  'available_nodes',
] as const;
type AvailabilityCells = Readonly<Record<(typeof AVAILABILITY_COLUMNS)[number], string>>;

/** From `at` on a source of nodes has `nodes` of them. */
export interface AvailabilityRow {
  readonly pair: Pair;
  /** Where the nodes were counted: one pair has several such places. */
  readonly source: string;
  readonly at: number;
  readonly nodes: number;
}

const MAX_NODES = 100_000;
const ISO_SECONDS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** Reads one row; null for the kinds that tell of no count; throws a `BadCellError`. */
export function readAvailabilityRow(cells: AvailabilityCells): AvailabilityRow | null {
  if (cells.kind !== 'availability') return null;
  const zone = readLabel('zone', cells.zone);
  const gpuType = slugify(readLabel('gpu_model', cells.gpu_model));
  const at = ISO_SECONDS.test(cells.at) ? Date.parse(cells.at) : Number.NaN;
  if (Number.isNaN(at)) throw new BadCellError('at is not an instant like 2023-02-15T00:00:00Z');
  return {
    pair: { gpuType, region: regionOfZone(zone) },
    source: `${readText('cluster', cells.cluster)} ${zone} ${cells.gpus_per_node}`,
    at,
    nodes: readInteger('available_nodes', cells.available_nodes, [0, MAX_NODES]),
  };
}

/** `us-west-2b` lies in `us-west-2`. */
function regionOfZone(zone: string): string {
  return slugify(zone).replace(/(?<=\d)[a-z]$/, '');
}

/** How many units of a pair are there from an instant on. */
export interface AvailabilityStep {
  readonly pair: Pair;
  /** After the first instant of the trace. */
  readonly dueMs: number;
  readonly available: number;
}

/** The rows in order of time, each as the sum over the pair's sources. */
export function availabilitySteps(rows: readonly AvailabilityRow[]): AvailabilityStep[] {
  const ordered = rows.toSorted((a, b) => a.at - b.at);
  const firstAt = ordered[0]?.at ?? 0;
  const sources = new Map<string, Map<string, number>>();
  return ordered.map(({ pair, source, at, nodes }) => {
    const counts = sources.get(pairKey(pair)) ?? new Map<string, number>();
    sources.set(pairKey(pair), counts.set(source, nodes));
    const available = [...counts.values()].reduce((sum, count) => sum + count, 0);
    return { pair, dueMs: at - firstAt, available };
  });
}
