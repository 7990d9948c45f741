import { InvalidInputError } from '../domain/errors.ts';
import { MAX_RATE_MICROS, formatDecimal, type Micros } from '../domain/money.ts';
import type { Offer } from '../domain/offer.ts';
import { DAY_MS, HORIZON_MS, MINUTE_MS, floorMinute, toIso } from '../domain/time.ts';
import type { EpochMs, Interval } from '../domain/time.ts';

type Path = readonly string[];

const MAX_KEY_LENGTH = 255;
const MAX_REASON_LENGTH = 500;

/** Nothing that the database cannot keep: Postgres knows neither NUL nor half a surrogate pair. */
export function requireStorable(text: string, path: Path): void {
  if (!text.includes('\0') && text.isWellFormed()) return;
  const message = 'A text holds no NUL character and no half of a surrogate pair.';
  throw new InvalidInputError(message, path, 'well-formed text without NUL');
}

/** 1–255 characters. */
export function requireIdempotencyKey(key: string): void {
  requireStorable(key, ['input', 'idempotencyKey']);
  if (key.length >= 1 && key.length <= MAX_KEY_LENGTH) return;
  const message = `An idempotency key has 1 to ${MAX_KEY_LENGTH} characters.`;
  throw new InvalidInputError(message, ['input', 'idempotencyKey'], '1-255 characters');
}

/** At most 500 characters; `required` refuses an empty one. */
export function requireReason(reason: string | null, required: boolean): void {
  const text = reason ?? '';
  requireStorable(text, ['input', 'reason']);
  const tooShort = required && text.trim().length === 0;
  if (!tooShort && text.length <= MAX_REASON_LENGTH) return;
  const allowed = `${required ? 1 : 0} to ${MAX_REASON_LENGTH} characters`;
  throw new InvalidInputError(`A reason has ${allowed}.`, ['input', 'reason'], allowed);
}

/** Above 0 and at most 1,000,000 USD per GPU-hour. */
export function requireRate(rate: Micros, path: Path): void {
  if (rate > 0n && rate <= MAX_RATE_MICROS) return;
  const message = `A price is above 0 and at most ${formatDecimal(MAX_RATE_MICROS)} USD per GPU-hour.`;
  throw new InvalidInputError(message, path, '0 < price <= 1000000');
}

/** A whole number inside `[low, high]`. */
export function requireRange(
  value: number,
  [low, high]: readonly [number, number],
  path: Path,
): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  const name = path.at(-1) ?? 'value';
  throw new InvalidInputError(
    `${name} must be a whole number from ${low} to ${high}.`,
    path,
    `${low}-${high}`,
  );
}

/** Instants of periods are whole minutes; the message names the nearest one. */
export function requireWholeMinute(at: EpochMs, path: Path): void {
  if (at % MINUTE_MS === 0) return;
  const nearest = toIso(Math.round(at / MINUTE_MS) * MINUTE_MS);
  const message = `Periods are in whole minutes; the nearest one is ${nearest}.`;
  throw new InvalidInputError(message, path, 'whole minutes');
}

/** What can be said of a period without a clock or an offer: whole minutes, end after start. */
export function requirePeriodShape(period: Interval, path: Path): void {
  requireWholeMinute(period.start, [...path, 'start']);
  requireWholeMinute(period.end, [...path, 'end']);
  if (period.end > period.start) return;
  throw new InvalidInputError('A period ends after it starts.', [...path, 'end'], 'start < end');
}

/** Start not before the previous full minute, end within 90 days. `now` is the database's. */
export function requirePeriodInTime(period: Interval, now: EpochMs, path: Path): void {
  const earliest = floorMinute(now) - MINUTE_MS;
  if (period.start < earliest) {
    const message = `The period starts in the past; the earliest start is ${toIso(floorMinute(now))}.`;
    throw new InvalidInputError(message, [...path, 'start'], 'start >= the previous full minute');
  }
  requireHorizon(period.end, now, [...path, 'end']);
}

/** A booking ends at most 90 days ahead. */
export function requireHorizon(end: EpochMs, now: EpochMs, path: Path): void {
  if (end <= now + HORIZON_MS) return;
  const message = `A booking ends at most ${HORIZON_MS / DAY_MS} days ahead: by ${toIso(floorMinute(now + HORIZON_MS))}.`;
  throw new InvalidInputError(message, path, 'end <= now + 90 days');
}

/** Within what the offer allows. */
export function requireDuration(period: Interval, offer: Offer, path: Path): void {
  const minutes = (period.end - period.start) / MINUTE_MS;
  const { minDurationMinutes: low, maxDurationMinutes: high } = offer;
  if (minutes >= low && minutes <= high) return;
  const message = `This offer is for ${low} to ${high} minutes; the period has ${minutes}.`;
  throw new InvalidInputError(message, path, `${low}-${high} minutes`);
}
