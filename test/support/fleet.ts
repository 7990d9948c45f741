import { sql } from 'kysely';
import { startMarketNode, type MarketNode } from './market-node.ts';
import { createTestDatabase } from './postgres.ts';
import { startRedis, type TestRedis } from './redis.ts';

/** Market nodes on one Postgres and one Redis, polling as servers do. */
export interface TestFleet {
  readonly nodes: readonly [MarketNode, MarketNode];
  readonly redis: TestRedis;
  stop(): Promise<void>;
}

export async function startFleet(): Promise<TestFleet> {
  const [database, redis] = [await createTestDatabase(), await startRedis()];
  const start = (nodeId: string): Promise<MarketNode> =>
    startMarketNode({ database, redisUrl: redis.url, nodeId, jobs: true });
  const nodes = [await start('node-1'), await start('node-2')] as const;
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()));
    await redis.stop();
    await database.drop();
  };
  return { nodes, redis, stop };
}

/** Pairs of live or completed bookings of one unit that share an instant, asked of the database itself. */
export async function countOverlaps({ db }: MarketNode): Promise<number> {
  const { rows } = await sql<{ overlaps: bigint }>`
    SELECT count(*) AS overlaps FROM booking a JOIN booking b
        ON a.gpu_id = b.gpu_id AND a.id < b.id AND a.period && b.period
     WHERE a.status NOT IN ('CANCELLED', 'EXPIRED') AND b.status NOT IN ('CANCELLED', 'EXPIRED')`.execute(
    db,
  );
  return Number(rows[0]?.overlaps);
}
