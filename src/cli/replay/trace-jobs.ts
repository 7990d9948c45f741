import { slugify } from '../../domain/catalog.ts';
import { MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import { BadCellError, readInteger, readText } from '../cells.ts';

/** The columns of a bookings trace that the replay needs; instants are seconds of the trace. */
export const JOB_COLUMNS = [
  'booking_id',
  'gpu_count',
  'gpu_milli',
  'gpu_spec',
  'created_s',
  'start_s',
  'end_s',
] as const;
type JobCells = Readonly<Record<(typeof JOB_COLUMNS)[number], string>>;

/** One job of the trace; instants in milliseconds of the trace, the period rounded out to minutes. */
export interface TraceJob {
  readonly id: string;
  /** Whole cards: a fraction takes one. */
  readonly gpuCount: number;
  /** Slugs of the models that will do; empty = any. */
  readonly gpuTypes: readonly string[];
  readonly createdMs: number;
  /** Null for a job that was never scheduled. */
  readonly period: { readonly startMs: number; readonly endMs: number } | null;
}

const MAX_SECONDS = 10_000_000_000;
const MAX_GPUS = 1024;
const MILLI = 1000;

/** Reads one row; throws a `BadCellError` that names the first cell that cannot be used. */
export function readJob(cells: JobCells): TraceJob {
  const range = [0, MAX_SECONDS] as const;
  const gpus = readInteger('gpu_count', cells.gpu_count, [1, MAX_GPUS]);
  const milli = readInteger('gpu_milli', cells.gpu_milli, [1, MAX_GPUS * MILLI]);
  return {
    id: readText('booking_id', cells.booking_id),
    gpuCount: gpus * Math.ceil(milli / MILLI),
    gpuTypes: [...new Set(cells.gpu_spec.split('|').map(slugify))].filter((slug) => slug !== ''),
    createdMs: readInteger('created_s', cells.created_s, range) * SECOND_MS,
    period: readPeriod(cells.start_s, cells.end_s),
  };
}

function readPeriod(start: string, end: string): TraceJob['period'] {
  if (start === '' || end === '') return null;
  const startMs = readInteger('start_s', start, [0, MAX_SECONDS]) * SECOND_MS;
  const endMs = readInteger('end_s', end, [0, MAX_SECONDS]) * SECOND_MS;
  if (endMs <= startMs) throw new BadCellError('end_s is not after start_s');
  return {
    startMs: Math.floor(startMs / MINUTE_MS) * MINUTE_MS,
    endMs: Math.ceil(endMs / MINUTE_MS) * MINUTE_MS,
  };
}
