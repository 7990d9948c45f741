import { isSlug, slugify } from '../domain/catalog.ts';
import { MAX_RATE_MICROS, type Micros } from '../domain/money.ts';

/** A cell that cannot be used; the message is the reason given after `line N:`. */
export class BadCellError extends Error {
  override readonly name = 'BadCellError';
}

const MAX_TEXT = 200;
const MAX_SHOWN = 40;
const PRICE = /^\d{1,9}(?:\.\d{1,15})?$/;
const MICRO_DIGITS = 6;

function shown(text: string): string {
  return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
}

/** Text of 1–200 characters. */
export function readText(column: string, text: string): string {
  if (text === '') throw new BadCellError(`${column} is empty`);
  if (text.length > MAX_TEXT)
    throw new BadCellError(`${column} has more than ${MAX_TEXT} characters`);
  return text;
}

/** A label whose slug is its key: it needs a letter or a digit. */
export function readLabel(column: string, text: string): string {
  if (isSlug(slugify(readText(column, text)))) return text;
  throw new BadCellError(
    `${column} ${shown(text)} gives no slug of 1-64 letters, digits and dashes`,
  );
}

/** A whole number in [low, high]. */
export function readInteger(
  column: string,
  text: string,
  [low, high]: readonly [number, number],
): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw new BadCellError(`${column} ${shown(text)} is not a whole number from ${low} to ${high}`);
}

/** The same, or null for an empty cell. */
export function readOptionalInteger(
  column: string,
  text: string,
  range: readonly [number, number],
): number | null {
  return text === '' ? null : readInteger(column, text, range);
}

/** Dollars above 0 as micro-dollars; digits beyond the sixth are rounded half-up. */
export function readPrice(column: string, text: string): Micros {
  const micros = PRICE.test(text) ? roundToMicros(text) : 0n;
  if (micros > 0n && micros <= MAX_RATE_MICROS) return micros;
  throw new BadCellError(`${column} ${shown(text)} is not a price above 0 and up to 1000000 USD`);
}

function roundToMicros(text: string): Micros {
  const [whole = '0', fraction = ''] = text.split('.');
  const digits = fraction.padEnd(MICRO_DIGITS + 1, '0');
  const micros = BigInt(whole + digits.slice(0, MICRO_DIGITS));
  return digits.charAt(MICRO_DIGITS) >= '5' ? micros + 1n : micros;
}

/** `2026-07-20`, a day of the calendar. */
export function readDate(column: string, text: string): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  if (at && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)) return text;
  throw new BadCellError(`${column} ${shown(text)} is not a date like 2026-07-20`);
}

/** One of the given words. */
export function readWord<Word extends string>(
  column: string,
  text: string,
  words: readonly Word[],
): Word {
  const word = words.find((candidate) => candidate === text.toLowerCase());
  if (word !== undefined) return word;
  throw new BadCellError(`${column} ${shown(text)} is not one of ${words.join(', ')}`);
}
