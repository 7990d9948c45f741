import type { Values } from './config-variables.ts';
import { CACHE_NAMESPACES, NAMESPACE_POLICIES } from './domain/cache-namespace.ts';

/** What signs tokens in development when nothing else is set; production refuses it. */
export const DEVELOPMENT_SECRET = 'edgebook-development-secret-not-for-production';

const MIN_SECRET_LENGTH = 32;

/** Everything that is wrong with values that are allowed one by one; complete sentences. */
export function brokenRules(values: Values): string[] {
  return [...contradictions(values), ...missingSecrets(values), ...notAvailable(values)];
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

/** What later versions bring is refused rather than ignored. */
function notAvailable(values: Values): string[] {
  const problems: string[] = [];
  if (values.REDIS_CLUSTER)
    problems.push('REDIS_CLUSTER: true is not available in this version; allowed: false.');
  if (values.CACHE_AUTH_TOKEN)
    problems.push('CACHE_AUTH_TOKEN: signed events are not available in this version.');
  return [...problems, ...migrationPhase(values.CACHE_ENABLE_EVENT_DRIVEN)];
}

function migrationPhase(phase: string): string[] {
  const namespaces = CACHE_NAMESPACES.map((name) => NAMESPACE_POLICIES[name].wireName);
  const known = ['off', 'shadow', 'true', ...namespaces];
  const unknown = phase.split(',').filter((part) => !known.includes(part));
  const shown = `CACHE_ENABLE_EVENT_DRIVEN: ${JSON.stringify(phase)}`;
  if (unknown.length > 0) return [`${shown} is not allowed; allowed: ${known.join(', ')}.`];
  return phase === 'true' ? [] : [`${shown} is not available in this version; allowed: true.`];
}

function hasTlsFile(values: Values): boolean {
  return Boolean(values.REDIS_CA_FILE ?? values.REDIS_CERT_FILE ?? values.REDIS_KEY_FILE);
}
