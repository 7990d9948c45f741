import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { startRedis, type TestRedis } from './redis.ts';
import { findRedisServer, REDIS_MISSING } from './redis-server.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';
import { until } from './wait.ts';

export const MASTER_NAME = 'mymaster';

export const SENTINEL_PASSWORD = 'a-password-of-this-test';

const SENTINELS = 3;
const QUORUM = 2;
const DOWN_AFTER_MS = 1_000;
/** Sentinels whose votes were split vote again after twice this. */
const FAILOVER_TIMEOUT_MS = 2_000;

/** A master, its replica, and three Sentinels that watch over both. */
export interface TestSentinels {
  /** Of the Sentinels, `HOST:PORT`. */
  readonly addresses: readonly string[];
  readonly master: TestRedis;
  readonly replica: TestRedis;
  readonly sentinels: readonly ServerProcess[];
  stop(): Promise<void>;
}

/** Resolves when every Sentinel knows the replica and the other Sentinels; the caller stops it. */
export async function startRedisSentinels(): Promise<TestSentinels> {
  const folder = await mkdtemp(join(tmpdir(), 'edgebook-sentinel-'));
  const started: ServerProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((server) => server.stop()));
    await rm(folder, { recursive: true });
  };
  try {
    const master = await startRedis(['--repl-diskless-sync-delay', '0', '--dir', folder]);
    started.push(master);
    const replicaOf = ['--replicaof', '127.0.0.1', String(master.port)];
    const replica = await startRedis([...replicaOf, '--dir', folder]);
    started.push(replica);
    await hasReplica(master);
    const ports = await Promise.all(Array.from({ length: SENTINELS }, freePort));
    const sentinels: ServerProcess[] = [];
    for (const port of ports) {
      const sentinel = await startSentinel(folder, port, master.port);
      sentinels.push(sentinel);
      started.push(sentinel);
    }
    await Promise.all(ports.map(knowsAll));
    const addresses = ports.map((port) => `127.0.0.1:${port}`);
    return { addresses, master, replica, sentinels, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A Sentinel that finds no replica at first asks again after 10 s only. */
async function hasReplica({ url }: TestRedis): Promise<void> {
  const client = new Redis(url);
  try {
    const isOnline = async (): Promise<boolean> =>
      (await client.info('replication')).includes('state=online');
    await until(isOnline, { what: 'the replica' });
  } finally {
    client.disconnect();
  }
}

async function startSentinel(folder: string, port: number, master: number): Promise<ServerProcess> {
  const command = findRedisServer();
  if (command === null) throw new Error(REDIS_MISSING);
  const file = join(folder, `sentinel-${port}.conf`);
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `requirepass ${SENTINEL_PASSWORD}`,
    `dir ${folder}`,
    `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${master} ${QUORUM}`,
    `sentinel down-after-milliseconds ${MASTER_NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${MASTER_NAME} ${FAILOVER_TIMEOUT_MS}`,
  ];
  await writeFile(file, settings.join('\n'));
  return startServerProcess({
    command,
    args: [file, '--sentinel'],
    cwd: folder,
    readyLine: /\+monitor master/,
    stopSignal: 'SIGTERM',
  });
}

async function knowsAll(port: number): Promise<void> {
  const client = new Redis({
    port,
    password: SENTINEL_PASSWORD,
    enableReadyCheck: false,
    disableClientInfo: true,
  });
  try {
    const isComplete = async (): Promise<boolean> => {
      const fields = (await client.call('SENTINEL', 'MASTER', MASTER_NAME)) as string[];
      const numberOf = (name: string): number => Number(fields[fields.indexOf(name) + 1]);
      return numberOf('num-slaves') === 1 && numberOf('num-other-sentinels') === SENTINELS - 1;
    };
    await until(isComplete, { what: 'Sentinels that know all', timeoutMs: 30_000 });
  } finally {
    client.disconnect();
  }
}
