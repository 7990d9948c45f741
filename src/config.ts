import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  brokenRules,
  DEVELOPMENT_SECRET,
  eventDrivenPhase,
  usesTls,
  type EventDrivenPhase,
} from './config-rules.ts';
import { CONFIG_VARIABLES, shownValue, VARIABLES, type Values } from './config-variables.ts';
import type { CoalescingWindows } from './domain/live-stream.ts';
import { nearestNames } from './domain/nearest-names.ts';

export { CONFIG_VARIABLES };

const L1_ENTRIES_BY_TIER = { edge: 500, regional: 2000, global: 5000 } as const;
const GUARDED_PREFIX = /^(CACHE|EDGE_NODE|REDIS|AUTH|LIVE)_/;
/** What Kubernetes puts into every container for a service of that name; nobody mistyped it. */
const SERVICE_LINK = /_SERVICE_(?:HOST|PORT)(?:_\w+)?$|_PORT_\d+_(?:TCP|UDP)(?:_\w+)?$/;

/** Who knows which server is the master. */
export interface SentinelConfig {
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  /** Never to be printed. */
  readonly password: string | null;
}

export interface RedisConfig {
  /** With user, password and database; never to be printed. */
  readonly url: string;
  /** The URL names one node of a Redis Cluster. */
  readonly cluster: boolean;
  /** The URL names a master that these Sentinels know; null = it names a server. */
  readonly sentinels: SentinelConfig | null;
  /** PEM texts; null = no TLS. Certificates are always checked. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string } | null;
}

/** How tokens are checked: with a shared secret, or with the keys behind a URL and nothing else. */
export interface AuthConfig {
  readonly secret: string | null;
  readonly jwksUrl: URL | null;
  readonly issuer: string;
  readonly audience: string;
}

/** Everything that a process may be told from outside, checked. */
export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** Null = the embedded database in `dataDir` (null = in memory). */
  readonly databaseUrl: string | null;
  readonly dataDir: string | null;
  /** Null = single-node mode. */
  readonly redis: RedisConfig | null;
  readonly node: {
    readonly id: string;
    readonly region: string;
    readonly datacenter: string | null;
    readonly tier: 'edge' | 'regional' | 'global';
  };
  readonly cache: {
    readonly l1Entries: number;
    readonly metrics: boolean;
    readonly eventDriven: EventDrivenPhase;
    /** Signs events; null = unsigned. Never to be printed. */
    readonly eventToken: string | null;
    readonly healthCheckIntervalMs: number;
  };
  readonly auth: AuthConfig;
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly ipAllowlist: readonly string[];
  /** How long the results of each stream are gathered. */
  readonly coalescing: CoalescingWindows;
  readonly demoMarket: boolean;
  readonly rateLimit: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment cannot be started with; `problems` are complete sentences, all of them. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** The start-up error of something that the environment names and that does not work. */
export function unusable(what: string, error: unknown): ConfigError {
  // A driver that tried several addresses throws one error for all of them.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const { message, cause } = first instanceof Error ? first : new Error(String(first));
  const reason = cause instanceof Error ? `${message} ${cause.message}` : message;
  return new ConfigError([`${what} cannot be used: ${reason}`]);
}

type ReadFile = (path: string) => string;

const readText: ReadFile = (path) => readFileSync(path, 'utf8');

/** Reads and checks the environment; throws one {@link ConfigError} with everything that is wrong. */
export function loadConfig(env: Environment = process.env, readFile: ReadFile = readText): Config {
  const given = Object.fromEntries(CONFIG_VARIABLES.map((name) => [name, env[name] || undefined]));
  const parsed = z.object(VARIABLES).safeParse(given);
  const problems = unknownVariables(env);
  if (!parsed.success) {
    throw new ConfigError([
      ...problems,
      ...parsed.error.issues.map((issue) => complaint(issue, given)),
    ]);
  }
  const values = parsed.data;
  problems.push(...brokenRules(values));
  const tls = readTls(values, readFile, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return toConfig(values, tls);
}

function unknownVariables(env: Environment): string[] {
  return Object.keys(env)
    .filter((name) => GUARDED_PREFIX.test(name) && !SERVICE_LINK.test(name))
    .filter((name) => !(name in VARIABLES))
    .map((name) => {
      const family = name.split('_', 1)[0] ?? '';
      const relatives = CONFIG_VARIABLES.filter((known) => known.startsWith(`${family}_`));
      const nearest = nearestNames(name, relatives).join(', ');
      return `${name}: there is no such variable; did you mean one of ${nearest}?`;
    });
}

function complaint(issue: z.core.$ZodIssue, given: Environment): string {
  const name = String(issue.path[0]);
  const allowed = VARIABLES[name as keyof typeof VARIABLES].description;
  return `${name}: ${shownValue(name, given[name] ?? '')} is not allowed; allowed: ${allowed}.`;
}

function readTls(values: Values, readFile: ReadFile, problems: string[]): RedisConfig['tls'] {
  if (!usesTls(values)) return null;
  const files = { ca: 'REDIS_CA_FILE', cert: 'REDIS_CERT_FILE', key: 'REDIS_KEY_FILE' } as const;
  const tls: Record<string, string> = {};
  for (const [part, name] of Object.entries(files)) {
    const path = values[name];
    if (path === undefined) continue;
    try {
      tls[part] = readFile(path);
    } catch {
      problems.push(
        `${name}: ${JSON.stringify(path)} cannot be read; allowed: ${VARIABLES[name].description}.`,
      );
    }
  }
  return tls;
}

function toConfig(values: Values, tls: RedisConfig['tls']): Config {
  const production = values.NODE_ENV === 'production';
  return {
    production,
    host: values.HOST,
    port: values.PORT,
    databaseUrl: values.DATABASE_URL?.href ?? null,
    dataDir: values.DATA_DIR === 'memory' ? null : values.DATA_DIR,
    redis: toRedis(values, tls),
    node: {
      id: values.EDGE_NODE_ID ?? `node-${randomUUID().slice(0, 8)}`,
      region: values.EDGE_NODE_REGION,
      datacenter: values.EDGE_NODE_DATACENTER ?? null,
      tier: values.EDGE_NODE_CACHE_TIER,
    },
    cache: {
      l1Entries: values.CACHE_L1_SIZE ?? L1_ENTRIES_BY_TIER[values.EDGE_NODE_CACHE_TIER],
      metrics: values.CACHE_ENABLE_METRICS,
      eventDriven: eventDrivenPhase(values.CACHE_ENABLE_EVENT_DRIVEN),
      eventToken: values.CACHE_AUTH_TOKEN ?? null,
      healthCheckIntervalMs: values.CACHE_HEALTH_CHECK_INTERVAL * 1000,
    },
    auth: {
      secret: values.AUTH_JWKS_URL ? null : (values.AUTH_JWT_SECRET ?? DEVELOPMENT_SECRET),
      jwksUrl: values.AUTH_JWKS_URL ?? null,
      issuer: values.AUTH_ISSUER,
      audience: values.AUTH_AUDIENCE,
    },
    allowedOrigins: values.ALLOWED_ORIGINS,
    trustedProxies: values.TRUSTED_PROXIES,
    ipAllowlist: values.IP_ALLOWLIST,
    coalescing: values.LIVE_COALESCING_MS,
    demoMarket: values.DEMO_MARKET ?? !production,
    rateLimit: values.RATE_LIMIT === 'on',
  };
}

function toRedis(values: Values, tls: RedisConfig['tls']): RedisConfig | null {
  const { REDIS_URL: given, REDIS_HOST: host } = values;
  if (!given && !host) return null;
  const url = new URL(given ?? `redis://${host?.includes(':') ? `[${host}]` : host}`);
  if (tls) url.protocol = 'rediss:';
  if (values.REDIS_PORT !== undefined) url.port = String(values.REDIS_PORT);
  if (values.REDIS_DB !== undefined) url.pathname = `/${values.REDIS_DB}`;
  if (values.REDIS_PASSWORD !== undefined) url.password = encodeURIComponent(values.REDIS_PASSWORD);
  return { url: url.href, cluster: values.REDIS_CLUSTER, sentinels: toSentinels(values), tls };
}

function toSentinels(values: Values): SentinelConfig | null {
  const { REDIS_SENTINELS: given, REDIS_SENTINEL_PASSWORD: password = null } = values;
  if (!given) return null;
  const addresses = given.map((address) => {
    const { hostname, port } = new URL(`redis://${address}`);
    return { host: hostname.replaceAll(/[[\]]/g, ''), port: Number(port) };
  });
  return { addresses, password };
}
