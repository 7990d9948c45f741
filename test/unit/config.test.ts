import { describe, expect, test } from 'vitest';
import { DEVELOPMENT_SECRET } from '../../src/config-rules.ts';
import { ConfigError, loadConfig, unusable, type Environment } from '../../src/config.ts';

function problemsOf(env: Environment): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

function pemOf(path: string): string {
  return `PEM of ${path}`;
}

const SECRET = 'a-secret-of-more-than-32-characters';

/** Of the ticker and of books, in ms. */
function windowsOf(value?: string): number[] {
  const { coalescing } = loadConfig(value === undefined ? {} : { LIVE_COALESCING_MS: value });
  return [coalescing.priceTicker ?? 0, coalescing.orderBookUpdated ?? 0];
}

describe('an empty environment', () => {
  test('is a development node on the embedded database with the demo market', () => {
    expect(loadConfig({})).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 4000,
      databaseUrl: null,
      dataDir: '.data',
      redis: null,
      node: { region: 'local', datacenter: null, tier: 'edge' },
      cache: { l1Entries: 500, metrics: true },
      auth: { secret: DEVELOPMENT_SECRET, issuer: 'edgebook', audience: 'edgebook' },
      demoMarket: true,
      rateLimit: true,
    });
  });

  test('is the same as one of empty values', () => {
    expect(loadConfig({ PORT: '', REDIS_URL: '' })).toMatchObject({ port: 4000, redis: null });
  });

  test('gives every process a name of its own', () => {
    expect(loadConfig({}).node.id).not.toBe(loadConfig({}).node.id);
  });
});

describe('a value', () => {
  test.each([
    ['PORT', 'abc'],
    ['PORT', '65536'],
    ['NODE_ENV', 'staging'],
    ['RATE_LIMIT', 'maybe'],
    ['DEMO_MARKET', 'yes'],
    ['EDGE_NODE_CACHE_TIER', 'core'],
    ['EDGE_NODE_REGION', 'EU West'],
    ['CACHE_L1_SIZE', '0'],
    ['CACHE_ENABLE_EVENT_DRIVEN', 'gpu_nothing'],
    ['ALLOWED_ORIGINS', 'https://app.example.com/path'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['IP_ALLOWLIST', '1.2.3'],
    ['LIVE_COALESCING_MS', '51'],
    ['LIVE_COALESCING_MS', '-1'],
    ['LIVE_COALESCING_MS', '5,prices:5'],
    ['LIVE_COALESCING_MS', 'priceTicker:'],
  ])('of %s that is not known, %j, is named together with what is allowed', (name, value) => {
    const [problem, ...others] = problemsOf({ [name]: value });
    expect(others).toEqual([]);
    expect(problem).toContain(name);
    expect(problem).toContain(value);
    expect(problem).toContain('allowed');
  });

  test('of the coalescing windows is for all streams, for some, or for both', () => {
    expect(windowsOf()).toEqual([0, 0]);
    expect(windowsOf('50')).toEqual([50, 50]);
    expect(windowsOf('priceTicker:20')).toEqual([20, 0]);
    expect(windowsOf('priceTicker:0, 5')).toEqual([0, 5]);
  });

  test('that holds a secret is never repeated', () => {
    const problems = problemsOf({
      NODE_ENV: 'production',
      AUTH_JWT_SECRET: 's3cret',
      DATABASE_URL: 'mysql://user:s3cret@host/db?password=s3cret',
      REDIS_URL: 'http://:s3cret@host',
    }).join('\n');
    expect(problems).toContain('DATABASE_URL');
    expect(problems).not.toContain('s3cret');
  });

  test('that is wrong is told together with every other one', () => {
    expect(problemsOf({ PORT: 'x', RATE_LIMIT: 'x', CACHE_L1SIZE: '1' })).toHaveLength(3);
  });
});

describe('an unknown name', () => {
  test('of our family is a mistake, with the nearest names', () => {
    expect(problemsOf({ CACHE_L1SIZE: '10' })[0]).toContain('CACHE_L1_SIZE');
  });

  test('of anybody else is none of our business', () => {
    expect(problemsOf({ HOME: '/root', LANG: 'C' })).toEqual([]);
  });
});

describe('production', () => {
  test.each([
    {},
    { AUTH_JWT_SECRET: 'short' },
    { AUTH_JWT_SECRET: DEVELOPMENT_SECRET },
    { AUTH_JWKS_URL: 'http://issuer.example/keys' },
  ])('does not start with %j', (env) => {
    expect(problemsOf({ NODE_ENV: 'production', ...env })[0]).toContain('AUTH_J');
  });

  test('starts with a long secret or with published keys, and without the demo market', () => {
    expect(loadConfig({ NODE_ENV: 'production', AUTH_JWT_SECRET: SECRET })).toMatchObject({
      production: true,
      demoMarket: false,
      auth: { secret: SECRET },
    });
    const keys = loadConfig({
      NODE_ENV: 'production',
      AUTH_JWKS_URL: 'https://issuer.example/keys',
      AUTH_JWT_SECRET: SECRET,
    });
    expect(keys.auth.secret).toBeNull();
  });
});

describe('Redis', () => {
  test('is named by a URL or by its parts', () => {
    expect(loadConfig({ REDIS_URL: 'redis://user:pw@cache:6380/2' }).redis?.url).toBe(
      'redis://user:pw@cache:6380/2',
    );
    const parts = { REDIS_HOST: '::1', REDIS_PORT: '6380', REDIS_DB: '2', REDIS_PASSWORD: 'p/w' };
    expect(loadConfig(parts).redis?.url).toBe('redis://:p%2Fw@[::1]:6380/2');
  });

  test('takes TLS from the URL or from REDIS_SSL, with files that can be read', () => {
    const env = { REDIS_HOST: 'cache', REDIS_SSL: 'true', REDIS_CA_FILE: 'ca.pem' };
    expect(loadConfig(env, pemOf).redis).toEqual({
      url: 'rediss://cache',
      cluster: false,
      sentinels: null,
      tls: { ca: 'PEM of ca.pem' },
    });
    expect(
      problemsOf({ REDIS_URL: 'rediss://cache', REDIS_CA_FILE: '/no/such/file' })[0],
    ).toContain('REDIS_CA_FILE');
  });

  test('is a master that Sentinels know by its name', () => {
    const { redis } = loadConfig({
      REDIS_URL: 'redis://user:pw@mymaster/2',
      REDIS_SENTINELS: 'sentinel-1:26379, [::1]:26380',
      REDIS_SENTINEL_PASSWORD: 'secret',
    });
    expect(redis?.url).toBe('redis://user:pw@mymaster/2');
    expect(redis?.sentinels).toEqual({
      addresses: [
        { host: 'sentinel-1', port: 26379 },
        { host: '::1', port: 26380 },
      ],
      password: 'secret',
    });
  });

  test.each([
    [{ REDIS_URL: 'redis://a', REDIS_HOST: 'b' }, 'REDIS_HOST'],
    [{ REDIS_PORT: '6379' }, 'REDIS_PORT'],
    [{ REDIS_URL: 'redis://a', CACHE_ENABLE_TLS: 'true' }, 'CACHE_ENABLE_TLS'],
    [{ REDIS_URL: 'redis://a', CACHE_REQUIRE_AUTH: 'true' }, 'CACHE_REQUIRE_AUTH'],
    [{ REDIS_URL: 'rediss://a', REDIS_CERT_FILE: 'package.json' }, 'REDIS_KEY_FILE'],
    [{ REDIS_URL: 'redis://a', REDIS_CA_FILE: 'package.json' }, 'REDIS_CA_FILE'],
    [{ REDIS_CLUSTER: 'true' }, 'REDIS_CLUSTER'],
    [{ REDIS_CLUSTER: 'true', REDIS_URL: 'redis://a/2' }, 'REDIS_CLUSTER'],
    [{ REDIS_SENTINELS: 'a:1' }, 'REDIS_SENTINELS'],
    [{ REDIS_SENTINELS: 'a', REDIS_URL: 'redis://m' }, 'REDIS_SENTINELS'],
    [{ REDIS_SENTINELS: 'a:1', REDIS_URL: 'redis://m:6379' }, 'REDIS_SENTINELS'],
    [{ REDIS_SENTINELS: 'a:1', REDIS_HOST: 'm', REDIS_PORT: '6379' }, 'REDIS_SENTINELS'],
    [
      { REDIS_SENTINELS: 'a:1', REDIS_URL: 'redis://m', REDIS_CLUSTER: 'true' },
      'REDIS_SENTINELS: a cluster',
    ],
    [{ REDIS_SENTINEL_PASSWORD: 'secret' }, 'REDIS_SENTINEL_PASSWORD'],
    [
      { REDIS_SENTINELS: 'a:1', REDIS_URL: 'redis://:p@m', CACHE_REQUIRE_AUTH: 'true' },
      'CACHE_REQUIRE_AUTH: the Sentinels',
    ],
    [{ CACHE_ENABLE_EVENT_DRIVEN: 'shadow,gpu_pricing' }, 'CACHE_ENABLE_EVENT_DRIVEN'],
  ])('set as %j stops the start with a sentence', (env, name) => {
    expect(problemsOf(env).join()).toContain(name);
  });
});

test.each([
  ['true', 'all'],
  ['off', 'off'],
  ['shadow', 'shadow'],
  ['gpu_availability,historical_data', new Set(['GPU_AVAILABILITY', 'HISTORICAL'])],
])('events decide as far as CACHE_ENABLE_EVENT_DRIVEN=%s says', (phase, eventDriven) => {
  const { cache } = loadConfig({ CACHE_ENABLE_EVENT_DRIVEN: phase });
  expect(cache.eventDriven).toEqual(eventDriven);
});

test('what cannot be used is told with the first reason of many', () => {
  const refused = new AggregateError([new Error('connect ECONNREFUSED ::1:5432')]);
  expect(unusable('DATABASE_URL: Postgres', refused).message).toBe(
    'DATABASE_URL: Postgres cannot be used: connect ECONNREFUSED ::1:5432',
  );
});
