import { pairKey, slugify, type GpuType, type Pair, type Region } from '../../domain/catalog.ts';
import { gpuModel } from '../../domain/gpu-models.ts';
import type { Micros } from '../../domain/money.ts';
import type { PairDraft, UnitDraft } from '../../market/ingest-draft.ts';
import { BadCellError, readInteger, readLabel, readText } from '../cells.ts';

/** The columns of a fleet file that the import needs. */
export const FLEET_COLUMNS = [
  'node_id',
  'gpu_model',
  'gpu_count',
  'cpu_milli',
  'memory_mib',
] as const;
type FleetCells = Readonly<Record<(typeof FLEET_COLUMNS)[number], string>>;

/** One machine, booked as a whole. */
export interface FleetRow {
  readonly nodeId: string;
  readonly model: string;
  readonly gpuCount: number;
  readonly cpuCores: number;
  readonly ramGb: number;
}

const MAX_GPUS_PER_UNIT = 1024;
const MAX_CPU_MILLI = 10_000_000;
const MAX_MEMORY_MIB = 100_000_000;
const CPU_MILLI = 1000;
const MIB_PER_GIB = 1024;
const MIN_DURATION_MINUTES = 1;
const MAX_DURATION_MINUTES = 43_200;

/** Reads one row; throws a `BadCellError` that names the first cell that cannot be used. */
export function readFleetRow(cells: FleetCells): FleetRow {
  const cpuMilli = readInteger('cpu_milli', cells.cpu_milli, [0, MAX_CPU_MILLI]);
  const memoryMib = readInteger('memory_mib', cells.memory_mib, [0, MAX_MEMORY_MIB]);
  return {
    nodeId: readText('node_id', cells.node_id),
    model: readLabel('gpu_model', cells.gpu_model),
    gpuCount: readInteger('gpu_count', cells.gpu_count, [1, MAX_GPUS_PER_UNIT]),
    cpuCores: Math.floor(cpuMilli / CPU_MILLI),
    ramGb: Math.round(memoryMib / MIB_PER_GIB),
  };
}

/** Whose fleet it is, where it stands and what its cards cost. */
export interface FleetTerms {
  readonly provider: string;
  readonly region: Region;
  /** Per GPU-hour of a model's slug. */
  readonly priceMicros: (gpuType: string) => Micros;
}

/** Collects the rows of a fleet file: one row is one unit. */
export class FleetUnits {
  readonly #linesByNode = new Map<string, number>();
  readonly #rows = new Map<string, FleetRow[]>();

  add(row: FleetRow, line: number): void {
    const earlier = this.#linesByNode.get(row.nodeId);
    if (earlier !== undefined) {
      throw new BadCellError(`node_id is the same as in line ${earlier}; a node is one unit`);
    }
    this.#linesByNode.set(row.nodeId, line);
    const gpuType = slugify(row.model);
    const rows = this.#rows.get(gpuType);
    if (rows) rows.push(row);
    else this.#rows.set(gpuType, [row]);
  }

  gpuTypes(): GpuType[] {
    return [...this.#rows.values()].flatMap(([first]) =>
      first ? [{ ...gpuModel(first.model), referenceMicros: null }] : [],
    );
  }

  pairs({ provider, region, priceMicros }: FleetTerms): PairDraft[] {
    return [...this.#rows.keys()].toSorted().map((gpuType) => {
      const pair = { gpuType, region: region.code };
      const units = (this.#rows.get(gpuType) ?? []).map((row) =>
        unitDraft(row, pair, { provider, baseMicros: priceMicros(gpuType) }),
      );
      return { pair, units, series: [] };
    });
  }
}

/**
 * The source key holds the pair besides the node: a unit's id names its pair for ever, so the same node
 * name in another region, or with other cards, is another unit.
 */
function unitDraft(
  row: FleetRow,
  pair: Pair,
  { provider, baseMicros }: { readonly provider: string; readonly baseMicros: Micros },
): UnitDraft {
  return {
    provider,
    sourceKey: `${pairKey(pair)}/${row.nodeId}`,
    gpuCount: row.gpuCount,
    cpuCores: row.cpuCores,
    ramGb: row.ramGb,
    diskGb: null,
    trustTier: 'VERIFIED',
    reliability: null,
    offer: {
      mode: 'FIXED',
      baseMicros,
      minDurationMinutes: MIN_DURATION_MINUTES,
      maxDurationMinutes: MAX_DURATION_MINUTES,
    },
  };
}
