import type { Values } from './config-variables.ts';
import {
  CACHE_NAMESPACES,
  NAMESPACE_POLICIES,
  type CacheNamespace,
} from './domain/cache-namespace.ts';

/** What signs tokens in development when nothing else is set; production refuses it. */
export const DEVELOPMENT_SECRET = 'edgebook-development-secret-not-for-production';

const MIN_SECRET_LENGTH = 32;

/** Everything that is wrong with values that are allowed one by one; complete sentences. */
export function brokenRules(values: Values): string[] {
  const rules = [contradictions, sentinelContradictions, missingSecrets, unknownNamespaces];
  return rules.flatMap((rule) => rule(values));
}

/** Whether connections to Redis use TLS. */
export function usesTls(values: Values): boolean {
  return values.REDIS_SSL === true || values.REDIS_URL?.protocol === 'rediss:';
}

/** Values that are right one by one and wrong together. */
function contradictions(values: Values): string[] {
  const hasRedis = Boolean(values.REDIS_URL ?? values.REDIS_HOST);
  const secured = usesTls(values);
  const password = values.REDIS_PASSWORD ?? values.REDIS_URL?.password;
  const rules: [boolean, string][] = [
    [
      Boolean(values.REDIS_URL && values.REDIS_HOST),
      'REDIS_HOST: set REDIS_URL or REDIS_HOST, not both.',
    ],
    [values.REDIS_PORT !== undefined && !values.REDIS_HOST, 'REDIS_PORT: it needs REDIS_HOST.'],
    [
      values.REDIS_PASSWORD !== undefined && !hasRedis,
      'REDIS_PASSWORD: it needs REDIS_URL or REDIS_HOST.',
    ],
    [
      values.REDIS_SSL === false && values.REDIS_URL?.protocol === 'rediss:',
      'REDIS_SSL: REDIS_URL is rediss://.',
    ],
    [values.REDIS_CLUSTER && !hasRedis, 'REDIS_CLUSTER: it needs REDIS_URL or REDIS_HOST.'],
    [
      values.REDIS_CLUSTER && hasDatabaseNumber(values),
      'REDIS_CLUSTER: a cluster has no database numbers.',
    ],
    [
      values.CACHE_ENABLE_TLS && hasRedis && !secured,
      'CACHE_ENABLE_TLS: Redis must be rediss:// or REDIS_SSL=true.',
    ],
    [
      values.CACHE_REQUIRE_AUTH && hasRedis && !password,
      'CACHE_REQUIRE_AUTH: Redis needs a password.',
    ],
    [
      Boolean(values.REDIS_CERT_FILE) !== Boolean(values.REDIS_KEY_FILE),
      'REDIS_CERT_FILE and REDIS_KEY_FILE: set both or none.',
    ],
    [
      hasTlsFile(values) && !secured,
      'REDIS_CA_FILE, REDIS_CERT_FILE, REDIS_KEY_FILE: they need rediss:// or REDIS_SSL=true.',
    ],
  ];
  return toldOf(rules);
}

/** Sentinels tell where the master is; what is said of its address contradicts them. */
function sentinelContradictions(values: Values): string[] {
  const { REDIS_SENTINELS: sentinels, REDIS_SENTINEL_PASSWORD: password, REDIS_URL: url } = values;
  if (!sentinels) return password ? ['REDIS_SENTINEL_PASSWORD: it needs REDIS_SENTINELS.'] : [];
  return toldOf([
    [
      !url && !values.REDIS_HOST,
      'REDIS_SENTINELS: it needs REDIS_URL or REDIS_HOST with the name of the master.',
    ],
    [values.REDIS_CLUSTER, 'REDIS_SENTINELS: a cluster has none.'],
    [
      Boolean(url?.port) || values.REDIS_PORT !== undefined,
      'REDIS_SENTINELS: the master has a name and no port in REDIS_URL, REDIS_PORT.',
    ],
    [
      values.CACHE_REQUIRE_AUTH && !password,
      'CACHE_REQUIRE_AUTH: the Sentinels need REDIS_SENTINEL_PASSWORD.',
    ],
  ]);
}

function toldOf(rules: readonly (readonly [broken: boolean, text: string])[]): string[] {
  return rules.filter(([broken]) => broken).map(([, text]) => text);
}

function missingSecrets({
  NODE_ENV,
  AUTH_JWT_SECRET: secret,
  AUTH_JWKS_URL: jwks,
}: Values): string[] {
  if (NODE_ENV !== 'production') return [];
  if (jwks)
    return jwks.protocol === 'https:' ? [] : ['AUTH_JWKS_URL: production demands https://.'];
  if (secret === DEVELOPMENT_SECRET)
    return ['AUTH_JWT_SECRET: production refuses the development secret.'];
  if ((secret ?? '').length >= MIN_SECRET_LENGTH) return [];
  const rule = `production demands a secret of at least ${MIN_SECRET_LENGTH} characters, or AUTH_JWKS_URL`;
  return [
    `AUTH_JWT_SECRET: ${rule}; ${secret === undefined ? 'it is not set' : 'its value is shorter'}.`,
  ];
}

/** How far events decide what memory may answer: the phases of a migration. */
export type EventDrivenPhase = 'off' | 'shadow' | 'all' | ReadonlySet<CacheNamespace>;

/** The phase that a value names; namespaces by their wire names. */
export function eventDrivenPhase(phase: string): EventDrivenPhase {
  if (phase === 'off' || phase === 'shadow') return phase;
  if (phase === 'true') return 'all';
  const named = phase.split(',');
  return new Set(CACHE_NAMESPACES.filter((name) => named.includes(wireName(name))));
}

function unknownNamespaces({ CACHE_ENABLE_EVENT_DRIVEN: phase }: Values): string[] {
  const namespaces = CACHE_NAMESPACES.map(wireName);
  if (['off', 'shadow', 'true'].includes(phase)) return [];
  if (phase.split(',').every((part) => namespaces.includes(part))) return [];
  const allowed = ['true', 'off', 'shadow', `or some of ${namespaces.join(',')}`].join(', ');
  return [
    `CACHE_ENABLE_EVENT_DRIVEN: ${JSON.stringify(phase)} is not allowed; allowed: ${allowed}.`,
  ];
}

function wireName(namespace: CacheNamespace): string {
  return NAMESPACE_POLICIES[namespace].wireName;
}

function hasTlsFile(values: Values): boolean {
  return Boolean(values.REDIS_CA_FILE ?? values.REDIS_CERT_FILE ?? values.REDIS_KEY_FILE);
}

function hasDatabaseNumber({ REDIS_DB: number, REDIS_URL: url }: Values): boolean {
  return Boolean(number) || /^\/0*[1-9]/.test(url?.pathname ?? '');
}
