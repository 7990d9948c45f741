import { slugify, type Region } from '../../domain/catalog.ts';

const COUNTRY_NAMES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
/** Codes that look like a country's and are an exceptional reservation for a union of many. */
const NOT_COUNTRIES = new Set(['EU', 'UN', 'EZ', 'ZZ', 'XX']);

function countryName(code: string): string | undefined {
  return /^[A-Z]{2}$/.test(code) ? COUNTRY_NAMES.of(code) : undefined;
}

/**
 * The region that a source calls `label`, case folded: `US` and `us` are one. A country's code, alone
 * or in front (`us-east-1`), gives the country; `global` and the like are no country.
 */
export function regionOf(label: string): Region {
  const code = slugify(label);
  const upper = (code.split('-')[0] ?? '').toUpperCase();
  const name = countryName(upper);
  const country = name === undefined || NOT_COUNTRIES.has(upper) ? null : upper;
  const isAlone = code.length === 2;
  return { code, name: (isAlone ? name : undefined) ?? titled(label), country };
}

function titled(label: string): string {
  const text = label.trim();
  return /^[a-z]+$/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
