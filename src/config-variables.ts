import { isIP } from 'node:net';
import { z } from 'zod';
import { isSlug } from './domain/catalog.ts';
import {
  isLiveStream,
  LIVE_STREAMS,
  MAX_COALESCING_MS,
  type CoalescingWindows,
} from './domain/live-stream.ts';

/** One rule per environment variable: its default, and in `describe` what is allowed. */

const NAME = /^[\w.:-]{1,64}$/;

function flag(): z.ZodType<boolean, string | undefined> {
  return z.enum(['true', 'false']).transform((text) => text === 'true');
}

function wholeNumber(low: number, high: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine((value) => value >= low && value <= high);
}

function list(isAllowed: (entry: string) => boolean): z.ZodType<readonly string[], string> {
  return z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.trim()))
    .refine((entries) => entries.every(isAllowed));
}

function url(...protocols: readonly string[]): z.ZodType<URL, string> {
  return z
    .string()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol))
    .transform((text) => new URL(text));
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text;
}

/** `sentinel-1:26379`, `[::1]:26379` */
function isSocketAddress(text: string): boolean {
  return (
    /^(?:[\w.-]{1,253}|\[[\da-fA-F:]+\]):[1-9]\d{0,4}$/.test(text) && URL.canParse(`http://${text}`)
  );
}

/** `10.0.0.0/8`, `::1` */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return (
    prefix === undefined ||
    (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128))
  );
}

/** `20` for all streams, `priceTicker:20` for one, or some of both; null for anything else. */
function parseWindows(text: string): CoalescingWindows | null {
  const own: [string, number][] = [];
  let common = 0;
  for (const entry of text.split(',')) {
    const [, name, ms = ''] = /^(?:(\w+):)?(\d{1,2})$/.exec(entry.trim()) ?? [];
    if (ms === '' || Number(ms) > MAX_COALESCING_MS) return null;
    if (name === undefined) common = Number(ms);
    else if (isLiveStream(name)) own.push([name, Number(ms)]);
    else return null;
  }
  const all = LIVE_STREAMS.map((name): [string, number] => [name, common]);
  return Object.fromEntries([...all, ...own]);
}

function windows(): z.ZodType<CoalescingWindows, string> {
  return z
    .string()
    .refine((text) => parseWindows(text) !== null)
    .transform((text) => parseWindows(text) ?? {});
}

const NETWORKS = 'addresses and networks separated by commas, e.g. 10.0.0.0/8,192.0.2.7';

export const VARIABLES = {
  HOST: z
    .string()
    .regex(/^[\w.:-]{1,253}$/)
    .default('127.0.0.1')
    .describe('a host name or an address'),
  PORT: wholeNumber(0, 65_535).default(4000).describe('0 to 65535'),
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('development or production (test means development)'),
  DATABASE_URL: url('postgres:', 'postgresql:')
    .optional()
    .describe('postgres://USER:PASSWORD@HOST:PORT/DATABASE'),
  DATA_DIR: z.string().default('.data').describe('a folder, or memory'),
  REDIS_URL: url('redis:', 'rediss:')
    .optional()
    .describe('redis://HOST:PORT or rediss://HOST:PORT'),
  REDIS_HOST: z
    .string()
    .regex(/^[\w.:-]{1,253}$/)
    .optional()
    .describe('a host name or an address'),
  REDIS_PORT: wholeNumber(1, 65_535).optional().describe('1 to 65535'),
  REDIS_DB: wholeNumber(0, 1023).optional().describe('0 to 1023'),
  REDIS_PASSWORD: z.string().optional().describe('the password of the Redis user'),
  REDIS_SSL: flag().optional().describe('true or false'),
  REDIS_MAX_CONNECTIONS: wholeNumber(2, 10_000).optional().describe('2 to 10000; a node uses 2'),
  REDIS_CLUSTER: flag().default(false).describe('true or false'),
  REDIS_SENTINELS: list(isSocketAddress)
    .optional()
    .describe('HOST:PORT of each Sentinel, separated by commas'),
  REDIS_SENTINEL_PASSWORD: z.string().optional().describe('the password of the Sentinels'),
  REDIS_CA_FILE: z.string().optional().describe('a readable PEM file'),
  REDIS_CERT_FILE: z.string().optional().describe('a readable PEM file'),
  REDIS_KEY_FILE: z.string().optional().describe('a readable PEM file'),
  EDGE_NODE_ID: z.string().regex(NAME).optional().describe('1 to 64 letters, digits and . _ : -'),
  EDGE_NODE_REGION: z
    .string()
    .refine(isSlug)
    .default('local')
    .describe('lower-case letters, digits and single -'),
  EDGE_NODE_DATACENTER: z
    .string()
    .regex(NAME)
    .optional()
    .describe('1 to 64 letters, digits and . _ : -'),
  EDGE_NODE_CACHE_TIER: z
    .enum(['edge', 'regional', 'global'])
    .default('edge')
    .describe('edge, regional or global'),
  CACHE_L1_SIZE: wholeNumber(1, 1_000_000).optional().describe('1 to 1000000 entries'),
  CACHE_ENABLE_EVENT_DRIVEN: z
    .string()
    .regex(/^(true|off|shadow|[a-z_]+(,[a-z_]+)*)$/)
    .default('true')
    .describe('true, off, shadow or namespaces separated by commas'),
  CACHE_ENABLE_METRICS: flag().default(true).describe('true or false'),
  CACHE_HEALTH_CHECK_INTERVAL: wholeNumber(1, 3600).default(30).describe('1 to 3600 seconds'),
  CACHE_ENABLE_TLS: flag().default(false).describe('true or false'),
  CACHE_REQUIRE_AUTH: flag().default(false).describe('true or false'),
  CACHE_AUTH_TOKEN: z.string().optional().describe('a secret shared by all nodes'),
  AUTH_JWT_SECRET: z.string().optional().describe('a secret of at least 32 characters'),
  AUTH_JWKS_URL: url('http:', 'https:').optional().describe('https://HOST/PATH'),
  AUTH_ISSUER: z.string().max(255).default('edgebook').describe('up to 255 characters'),
  AUTH_AUDIENCE: z.string().max(255).default('edgebook').describe('up to 255 characters'),
  ALLOWED_ORIGINS: list(isOrigin)
    .default([])
    .describe('origins separated by commas, e.g. https://app.example.com'),
  TRUSTED_PROXIES: list(isNetwork).default([]).describe(NETWORKS),
  IP_ALLOWLIST: list(isNetwork).default([]).describe(NETWORKS),
  DEMO_MARKET: flag().optional().describe('true or false'),
  LIVE_COALESCING_MS: windows()
    .default({})
    .describe('0 to 50 ms for all streams, or for some: 10,priceTicker:20'),
  RATE_LIMIT: z.enum(['on', 'off']).default('on').describe('on or off'),
} as const;

export type VariableName = keyof typeof VARIABLES;
export type Values = z.infer<z.ZodObject<typeof VARIABLES>>;

/** Every variable that edgebook reads; `docs/configuration.md` documents each. */
export const CONFIG_VARIABLES = Object.keys(VARIABLES) as VariableName[];

const SECRETS: ReadonlySet<string> = new Set([
  'REDIS_PASSWORD',
  'REDIS_SENTINEL_PASSWORD',
  'CACHE_AUTH_TOKEN',
  'AUTH_JWT_SECRET',
]);

/** How a value may be shown in a complaint: secrets not at all, URLs without their credentials. */
export function shownValue(name: string, value: string): string {
  if (SECRETS.has(name)) return 'its value';
  const credentialsAndQuery = /\/\/[^/]*@|\?.*$/g;
  return JSON.stringify(
    value.replaceAll(credentialsAndQuery, (found) => (found.startsWith('?') ? '' : '//***@')),
  );
}
