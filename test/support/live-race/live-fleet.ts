import { setTimeout as sleep } from 'node:timers/promises';
import { createGraphqlClient } from '../../../src/client/graphql-client.ts';
import { encodeGlobalId } from '../../../src/graphql/global-id.ts';
import { startEdgebook, type TestEdgebook } from '../edgebook.ts';
import type { TestRedis } from '../redis.ts';
import { openRaceDatabase } from '../race/race-market.ts';
import { SOME_UNITS } from './operations.ts';

export interface LiveFleetOptions {
  /** An empty database. */
  readonly databaseUrl: string;
  readonly redis: TestRedis;
  readonly nodes: number;
}

/** Units that are written to: few enough that each has many versions. */
const UNITS = 40;

/** Real nodes on one Postgres and one Redis, which can be frozen and replaced. */
export class LiveFleet {
  readonly units: readonly string[];
  readonly #options: LiveFleetOptions;
  readonly #nodes: TestEdgebook[];

  private constructor(options: LiveFleetOptions, nodes: TestEdgebook[], units: readonly string[]) {
    this.#options = options;
    this.#nodes = nodes;
    this.units = units;
  }

  /** Seeds the demo's market, which then stands still: only the race's own writers change it. */
  static async start(options: LiveFleetOptions): Promise<LiveFleet> {
    const seeder = await startNode(options, { DEMO_MARKET: 'true' });
    await seeder.stop();
    const nodes = await Promise.all(
      Array.from({ length: options.nodes }, () => startNode(options)),
    );
    const client = createGraphqlClient({ url: `${nodes[0]?.origin}/graphql`, token: null });
    const { gpus } = await client.execute(SOME_UNITS, { first: UNITS });
    return new LiveFleet(
      options,
      nodes,
      gpus.nodes.map(({ id }) => id),
    );
  }

  any(): TestEdgebook {
    const node = this.#nodes[Math.floor(Math.random() * this.#nodes.length)];
    if (!node) throw new Error('the fleet has no node');
    return node;
  }

  async freezeOne(ms: number): Promise<void> {
    const node = this.any();
    node.pause();
    await sleep(ms);
    node.resume();
  }

  async replaceOne(): Promise<void> {
    const node = this.any();
    this.#nodes.splice(this.#nodes.indexOf(node), 1);
    await node.kill();
    this.#nodes.push(await startNode(this.#options));
  }

  /** The versions that the database has, by the ids of the API. */
  async truth(): Promise<ReadonlyMap<string, number>> {
    const { db, close } = await openRaceDatabase(this.#options.databaseUrl);
    try {
      const rows = await db.selectFrom('gpu').select(['id', 'version']).execute();
      return new Map(rows.map(({ id, version }) => [encodeGlobalId('Gpu', id), version]));
    } finally {
      await close();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.stop()));
  }
}

function startNode(
  { databaseUrl, redis }: LiveFleetOptions,
  env: Readonly<Record<string, string>> = {},
): Promise<TestEdgebook> {
  return startEdgebook({
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    RATE_LIMIT: 'off',
    ...env,
  });
}
