import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startRedis, type TestRedis } from './redis.ts';
import { until } from './wait.ts';

const MASTERS = 3;
const SLOTS = 16_384;
const NODE_TIMEOUT_MS = 1500;

/** A Redis Cluster of a test's own: three masters, and a replica of each. */
export interface TestCluster {
  /** One of its nodes, for a client to learn the others from. */
  readonly url: string;
  readonly masters: readonly TestRedis[];
  readonly replicas: readonly TestRedis[];
  /** Which master was given the key's slot at the start. */
  masterOf(key: string): Promise<TestRedis>;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** More options of every `redis-server`. */
  readonly args?: readonly string[];
  /** Who may do everything, where not everybody may: this user makes the cluster and replicates. */
  readonly admin?: { readonly username: string; readonly password: string };
}

/** Starts a cluster and resolves when every slot is served and every replica follows its master. */
export async function startRedisCluster(options: ClusterOptions = {}): Promise<TestCluster> {
  const { args = [], admin = {} } = options;
  const folder = await mkdtemp(join(tmpdir(), 'edgebook-cluster-'));
  const nodes: TestRedis[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    for (let index = 0; index < MASTERS * 2; index += 1) {
      nodes.push(await startRedis([...clusterArgs(folder, index), ...args]));
    }
    await meet(nodes.map(({ url }) => new Redis(url, admin)));
  } catch (error) {
    await stop();
    throw error;
  }
  const [masters, replicas] = [nodes.slice(0, MASTERS), nodes.slice(MASTERS)];
  const url = masters[0]?.url ?? '';
  const masterOf = async (key: string): Promise<TestRedis> => {
    const slot = await slotOf(key, new Redis(url, admin));
    return masters.findLast((_, index) => firstSlot(index) <= slot) as TestRedis;
  };
  return { url, masters, replicas, masterOf, stop };
}

async function slotOf(key: string, client: Redis): Promise<number> {
  try {
    return await client.cluster('KEYSLOT', key);
  } finally {
    client.disconnect();
  }
}

function clusterArgs(folder: string, index: number): string[] {
  return [
    `--cluster-enabled yes --cluster-node-timeout ${NODE_TIMEOUT_MS}`,
    `--dir ${folder} --cluster-config-file nodes-${index}.conf`,
    '--cluster-replica-validity-factor 0 --repl-diskless-sync-delay 0',
  ].flatMap((options) => options.split(' '));
}

/** Through one client per node; ends them. */
async function meet(clients: readonly Redis[]): Promise<void> {
  try {
    const ids = await Promise.all(clients.map((client) => client.cluster('MYID')));
    for (const [index, client] of clients.entries()) {
      await client.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
      if (index < MASTERS) await client.call('CLUSTER', 'ADDSLOTSRANGE', ...slotsOf(index));
      await client.call('CLUSTER', 'MEET', '127.0.0.1', clients[0]?.options.port ?? 0);
    }
    await Promise.all(clients.map((client) => knowsAll(client)));
    for (const [index, client] of clients.slice(MASTERS).entries()) {
      await client.call('CLUSTER', 'REPLICATE', ids[index] as string);
    }
    await Promise.all(clients.map((client, index) => isReady(client, index >= MASTERS)));
  } finally {
    for (const client of clients) client.disconnect();
  }
}

function firstSlot(master: number): number {
  return Math.floor((SLOTS * master) / MASTERS);
}

function slotsOf(master: number): [first: number, last: number] {
  return [firstSlot(master), firstSlot(master + 1) - 1];
}

async function knowsAll(client: Redis): Promise<void> {
  const wanted = `cluster_known_nodes:${MASTERS * 2}`;
  await until(async () => (await client.cluster('INFO')).includes(wanted), { what: wanted });
}

async function isReady(client: Redis, isReplica: boolean): Promise<void> {
  const wanted = isReplica ? 'master_link_status:up' : 'connected_slaves:1';
  await until(
    async () =>
      (await client.info('replication')).includes(wanted) &&
      (await client.cluster('INFO')).includes('cluster_state:ok'),
    { what: wanted, timeoutMs: 30_000 },
  );
}
