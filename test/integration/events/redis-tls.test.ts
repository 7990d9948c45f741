import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { BusUnavailableError } from '../../../src/events/bus-unavailable-error.ts';
import { createRedisBus } from '../../../src/events/redis-bus.ts';
import { connectRedis, type RedisSettings } from '../../../src/redis.ts';
import { freePort } from '../../support/free-port.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { until } from '../../support/wait.ts';
import { eventOf } from '../../unit/cache/world.ts';
import { PARTITION, silent, startEar } from './ear.ts';

const path = (name: string): string => resolve('test/support/certificates', name);
const read = (name: string): string => readFileSync(path(name), 'utf8');

const CA = { ca: read('ca.pem') };
const CLIENT = { cert: read('client.pem'), key: read('client-key.pem') };

let server: TestRedis;
let url: string;

beforeAll(async () => {
  const port = await freePort();
  const files = [
    ['--tls-cert-file', 'server.pem'],
    ['--tls-key-file', 'server-key.pem'],
    ['--tls-ca-cert-file', 'ca.pem'],
  ] as const;
  const args = files.flatMap(([option, name]) => [option, path(name)]);
  server = await startRedis(['--tls-port', String(port), '--tls-auth-clients', 'yes', ...args]);
  url = `rediss://127.0.0.1:${port}`;
});
afterAll(() => server.stop());

const ignore = (): void => undefined;

async function startWith(tls: NonNullable<RedisSettings['tls']>): Promise<void> {
  const redis = connectRedis({ url, tls }, silent);
  const bus = createRedisBus({ ...redis, logger: silent, startTimeoutMs: 500 });
  try {
    await bus.start({
      onEvent: ignore,
      onCaughtUp: ignore,
      onLost: ignore,
      onConnected: ignore,
      onDisconnected: ignore,
    });
  } finally {
    await bus.stop();
    redis.close();
  }
}

describe('Redis over TLS', () => {
  it('is used with the authority and the client certificate that the environment names', async () => {
    const { redis } = loadConfig({
      REDIS_URL: url,
      REDIS_CA_FILE: path('ca.pem'),
      REDIS_CERT_FILE: path('client.pem'),
      REDIS_KEY_FILE: path('client-key.pem'),
      CACHE_ENABLE_TLS: 'true',
    });
    const ear = await startEar(redis?.url ?? '', { settings: { tls: redis?.tls ?? {} } });
    await ear.bus.publish(PARTITION, [eventOf(['a'])]);
    await until(() => ear.heard.length === 1);
    expect(ear.trusted()).toBe(true);
    await ear.stop();
  });

  it('is refused when an unknown authority signed its certificate', async () => {
    await expect(startWith(CLIENT)).rejects.toBeInstanceOf(BusUnavailableError);
  });

  it('refuses a node without a client certificate', async () => {
    await expect(startWith(CA)).rejects.toBeInstanceOf(BusUnavailableError);
  });

  it('works with both: the refusals above are about what was missing', async () => {
    await expect(startWith({ ...CA, ...CLIENT })).resolves.toBeUndefined();
  });
});
