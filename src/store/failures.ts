import { StoreUnavailableError } from '../domain/errors.ts';

/** Deadlock, serialization failure, exclusion violation: the whole transaction may simply run again. */
const RETRYABLE_STATES: ReadonlySet<string> = new Set(['40P01', '40001', '23P01']);

/** Shutdown, starting up, too many connections, cancelled by time-out, disk full, read-only standby. */
const UNAVAILABLE_STATES: ReadonlySet<string> = new Set([
  '57P01',
  '57P02',
  '57P03',
  '57014',
  '53100',
  '53200',
  '53300',
  '25006',
]);
const NETWORK_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** pg reports these without a code. */
const LOST_CONNECTION =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|not queryable/i;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Whether a transaction that failed with this may be run again from its start. */
export function isRetryable(error: unknown): boolean {
  return RETRYABLE_STATES.has(codeOf(error));
}

/** Whether the database is away rather than the statement wrong. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  const code = codeOf(error);
  if (NETWORK_CODES.has(code) || UNAVAILABLE_STATES.has(code) || code.startsWith('08')) return true;
  return error instanceof Error && LOST_CONNECTION.test(error.message);
}

/** Runs a read; a database that is away becomes {@link StoreUnavailableError}. */
export async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isUnavailable(error) ? new StoreUnavailableError(error) : error;
  }
}
