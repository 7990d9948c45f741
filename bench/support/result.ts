import type { Sample } from './measure.ts';

/** Something that was promised of the numbers. */
export interface Aim {
  readonly text: string;
  readonly met: boolean;
}

/** The answer to one question, ready to be pasted. */
export interface BenchResult {
  readonly title: string;
  /** Sizes, counts, versions: what somebody else needs to get the same. */
  readonly parameters: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly aims: readonly Aim[];
}

export interface BenchOptions {
  /** Fewer sizes and rounds, for a look in between. */
  readonly quick: boolean;
}

export type Bench = (options: BenchOptions) => Promise<BenchResult>;

/** `107 (98–121) ns`: the median and what it lay between. */
export function spread({ median, lowest, highest }: Sample, unit = ''): string {
  const text = `${short(median)} (${short(lowest)}–${short(highest)})`;
  return unit === '' ? text : `${text} ${unit}`;
}

/** `1.9×`: how many times `value` is `reference`. */
export function times(value: number, reference: number): string {
  return `${short(value / reference)}×`;
}

export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/** Three digits are all that a bench is good for. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(value < 10 ? 2 : 3)));
}

/** A Markdown table under its question, with what was promised and whether it came true. */
export function format({ title, parameters, columns, rows, aims }: BenchResult): string {
  const table = [line(columns), line(columns.map(() => '---')), ...rows.map(line)];
  const promises = aims.map(({ text, met }) => `- ${met ? 'met' : '**MISSED**'}: ${text}`);
  return [`### ${title}`, '', parameters, '', ...table, '', ...promises, ''].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
