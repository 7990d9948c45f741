import type { Interval, EpochMs } from './time.ts';
import type { Micros } from './money.ts';
import type { TokenRole } from './viewer.ts';

/** The codes of expected refusals: members of the contract's `ErrorCode`. */
export const ERROR_CODES = [
  'INVALID_INPUT',
  'NOT_FOUND',
  'FORBIDDEN',
  'GPU_UNAVAILABLE',
  'PRICE_CHANGED',
  'QUOTE_EXPIRED',
  'VERSION_CONFLICT',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_IN_PROGRESS',
  'STATE_CONFLICT',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Only these may succeed when the same call is made again unchanged. */
const RETRYABLE: ReadonlySet<ErrorCode> = new Set(['IDEMPOTENCY_IN_PROGRESS']);

/** An expected refusal: a member of the mutation's result union, never a top-level error. */
export abstract class UserError extends Error {
  readonly code: ErrorCode;
  /** Where in the arguments the trouble is, e.g. `['input', 'period', 'start']`. */
  readonly path: readonly string[] | null;

  constructor(code: ErrorCode, message: string, path: readonly string[] | null = null) {
    super(message);
    this.code = code;
    this.path = path;
  }

  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}

/** An argument is out of its range. The message says what is allowed and never echoes the value. */
export class InvalidInputError extends UserError {
  override readonly name = 'InvalidInputError';
  /** The rule that was broken, in a few words. */
  readonly constraint: string;

  constructor(message: string, path: readonly string[], constraint: string) {
    super('INVALID_INPUT', message, path);
    this.constraint = constraint;
  }
}

/** Nothing of that id is there for this viewer. */
export class NotFoundError extends UserError {
  override readonly name = 'NotFoundError';

  constructor(what: string, path: readonly string[] | null = null) {
    super('NOT_FOUND', `${what} was not found.`, path);
  }
}

/** A public object that belongs to somebody else. */
export class ForbiddenError extends UserError {
  override readonly name = 'ForbiddenError';
  readonly requires: TokenRole;

  constructor(message: string, requires: TokenRole, path: readonly string[] | null = null) {
    super('FORBIDDEN', message, path);
    this.requires = requires;
  }
}

/** The unit cannot be had in that period; carries what a client needs to go on without another search. */
export class GpuUnavailableError extends UserError {
  override readonly name = 'GpuUnavailableError';
  readonly gpuId: string;
  readonly period: Interval;
  /** When the last booking in the way ends; null when no booking is in the way. */
  readonly conflictingUntil: EpochMs | null;
  /** The first window of at least the asked length, at or after the asked start; null = none in 90 days. */
  readonly nextFreeWindow: Interval | null;

  constructor(
    message: string,
    details: Pick<GpuUnavailableError, 'gpuId' | 'period' | 'conflictingUntil' | 'nextFreeWindow'>,
  ) {
    super('GPU_UNAVAILABLE', message);
    this.gpuId = details.gpuId;
    this.period = details.period;
    this.conflictingUntil = details.conflictingUntil;
    this.nextFreeWindow = details.nextFreeWindow;
  }
}

/** The price (or fee) is above what the client agreed to, or its quote has run out. */
export class PriceChangedError extends UserError {
  override readonly name = 'PriceChangedError';
  readonly quotedMicros: Micros;
  readonly currentMicros: Micros;
  /** What to quote anew for the client; null where a quote makes no sense. */
  readonly requote: { readonly gpuId: string; readonly period: Interval } | null;

  constructor(
    code: 'PRICE_CHANGED' | 'QUOTE_EXPIRED',
    message: string,
    details: Pick<PriceChangedError, 'quotedMicros' | 'currentMicros' | 'requote'>,
  ) {
    super(code, message);
    this.quotedMicros = details.quotedMicros;
    this.currentMicros = details.currentMicros;
    this.requote = details.requote;
  }
}

/** `ifVersion` names another version than the one that is current. */
export class VersionConflictError extends UserError {
  override readonly name = 'VersionConflictError';
  readonly currentVersion: number;

  constructor(what: string, currentVersion: number) {
    super(
      'VERSION_CONFLICT',
      `${what} has version ${currentVersion} now; read it again before you write.`,
      ['input', 'ifVersion'],
    );
    this.currentVersion = currentVersion;
  }
}

/** The idempotency key was used with other input, or its first call is still under way. */
export class IdempotencyError extends UserError {
  override readonly name = 'IdempotencyError';
  readonly firstUsedAt: EpochMs;

  constructor(code: 'IDEMPOTENCY_KEY_REUSED' | 'IDEMPOTENCY_IN_PROGRESS', firstUsedAt: EpochMs) {
    const message =
      code === 'IDEMPOTENCY_KEY_REUSED'
        ? 'This idempotency key was used with other input; use a new key for a new request.'
        : 'The first request with this idempotency key is still under way; try again in a moment.';
    super(code, message, ['input', 'idempotencyKey']);
    this.firstUsedAt = firstUsedAt;
  }
}

/** The thing's status does not allow the step. */
export class StateConflictError extends UserError {
  override readonly name = 'StateConflictError';
  readonly currentStatus: string;

  constructor(message: string, currentStatus: string, path: readonly string[] | null = null) {
    super('STATE_CONFLICT', message, path);
    this.currentStatus = currentStatus;
  }
}

/** The database cannot answer now; a top-level, retryable error (`STORE_UNAVAILABLE`). */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';

  constructor(cause: unknown) {
    super('The database does not answer at the moment; try again.', { cause });
  }
}

/** A live stream's consumer fell too far behind (`STREAM_OVERFLOW`): it subscribes again. */
export class StreamOverflowError extends Error {
  override readonly name = 'StreamOverflowError';

  constructor(limit: number) {
    super(`More than ${limit} events were waiting for this stream; subscribe again.`);
  }
}

/**
 * A live stream that cannot say where it begins anew has lost its position, or is asked to go on from one
 * that is no longer kept (`CURSOR_EXPIRED`): the client reads the current state and subscribes again.
 */
export class CursorExpiredError extends Error {
  override readonly name = 'CursorExpiredError';

  constructor() {
    super('The position of this stream is no longer kept.');
  }
}

/** A private live stream outlived its token (`UNAUTHENTICATED`): it needs a new one. */
export class TokenExpiredError extends Error {
  override readonly name = 'TokenExpiredError';

  constructor() {
    super('The token of this stream has expired; subscribe again with a new one.');
  }
}
