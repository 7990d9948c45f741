import { setTimeout as sleep } from 'node:timers/promises';
import { createSocketClient } from '../../src/client/graphql-socket.ts';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import { startEdgebook, type TestEdgebook } from '../../test/support/edgebook.ts';
import { startMarketNode } from '../../test/support/market-node.ts';
import { seedMarket } from '../../test/support/market-seed.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';
import { startRedis } from '../../test/support/redis.ts';
import { until } from '../../test/support/wait.ts';
import { quantile, ROUNDS, sampleOf } from '../support/measure.ts';
import { short, spread, type BenchOptions, type BenchResult } from '../support/result.ts';
import { DOCUMENT } from './doors.ts';

/** Writers of one market wait for each other; those of many do not. */
const MARKETS = 10;
/** So many that a unit's next change comes 2 s later: it must not overtake the one before. */
const UNITS_PER_MARKET = 20;
const CHANGES_PER_SECOND = 100;
const EVERY_MS = 1000 / CHANGES_PER_SECOND;
const CHANGES = 500;
const QUICK_CHANGES = 100;
const AIM_P99_MS = 20;

const MUTATION = `mutation SetGpuStatus($input: SetGpuStatusInput!) {
  setGpuStatus(input: $input) { __typename ... on UserError { message } }
}`;

/** Two nodes on one PostgreSQL and one Redis, and the units that the changes are of. */
interface World {
  readonly writer: TestEdgebook;
  readonly reader: TestEdgebook;
  readonly regions: readonly string[];
  readonly units: readonly string[];
}

/** (c) How soon a change that one node commits is with a client of another node. */
export async function benchPropagation({ quick }: BenchOptions): Promise<BenchResult> {
  const started = new AsyncDisposableStack();
  try {
    const world = await startWorld(started);
    const changes = quick ? QUICK_CHANGES : CHANGES;
    const feed = await follow(world, started);
    const rounds: Round[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const result = await measure(world, feed, changes);
      if (round > 0) rounds.push(result);
    }
    return report(rounds, changes);
  } finally {
    await started.disposeAsync();
  }
}

async function startWorld(started: AsyncDisposableStack): Promise<World> {
  const [postgres, redis] = [await startPostgres(), await startRedis()];
  started.defer(() => postgres.stop());
  started.defer(() => redis.stop());
  const seeding = await startMarketNode({ database: { url: postgres.url } });
  const regions: string[] = [];
  const units: string[] = [];
  for (let market = 0; market < MARKETS; market += 1) {
    const seed = await seedMarket(seeding.db);
    regions.push(seed.home);
    for (let unit = 0; unit < UNITS_PER_MARKET; unit += 1) units.push(await seed.unit());
  }
  await seeding.stop();
  const env = { DATABASE_URL: postgres.url, REDIS_URL: redis.url, RATE_LIMIT: 'off' };
  const [writer, reader] = [await startEdgebook(env), await startEdgebook(env)];
  started.defer(() => writer.stop());
  started.defer(() => reader.stop());
  return { writer, reader, regions, units: inTurns(units) };
}

/** The first unit of every market, then the second, and so on. */
function inTurns(units: readonly string[]): string[] {
  const places = Array.from({ length: UNITS_PER_MARKET }, (_, place) => place);
  return places.flatMap((place) => units.filter((_, at) => at % UNITS_PER_MARKET === place));
}

interface Arrival {
  /** `performance.now()` */
  readonly at: number;
  /** After the instant that the writer gave the change; whole milliseconds. */
  readonly ageMs: number;
}

interface Feed {
  /** By the changes' reasons. */
  readonly arrivals: ReadonlyMap<string, Arrival>;
  /** Rejects when the stream is over, for whatever reason. */
  readonly ended: Promise<never>;
}

interface Pushed {
  readonly availabilityChanged: { readonly at: string; readonly reason?: string };
}

/** Subscribes on the other node; resolves when the stream has begun. */
async function follow({ reader, regions }: World, started: AsyncDisposableStack): Promise<Feed> {
  const end = new AbortController();
  started.defer(() => end.abort());
  const client = createSocketClient({ url: `${reader.origin}/graphql`, token: null });
  const stream = client.subscribe<Pushed, object>(DOCUMENT, { regions }, end.signal);
  await stream.next();
  const arrivals = new Map<string, Arrival>();
  const read = async (): Promise<never> => {
    for await (const { availabilityChanged: item } of stream) {
      const arrival = { at: performance.now(), ageMs: Date.now() - Date.parse(item.at) };
      if (item.reason !== undefined) arrivals.set(item.reason, arrival);
    }
    throw new Error('the server has ended the stream');
  };
  const ended = read();
  // We break it off ourselves in the end; before, whoever waits for a change is told.
  ended.catch(() => {});
  return { arrivals, ended };
}

/** Milliseconds of every change of a round. */
interface Round {
  readonly whole: readonly number[];
  readonly answer: readonly number[];
  readonly age: readonly number[];
}

interface Sent {
  readonly reason: string;
  readonly at: number;
  readonly answered: Promise<number>;
}

const NEVER: Arrival = { at: Number.NaN, ageMs: Number.NaN };

let made = 0;

async function measure(world: World, feed: Feed, changes: number): Promise<Round> {
  const token = world.writer.devToken('OPERATOR');
  const sent: Sent[] = [];
  const start = performance.now();
  for (let change = 0; change < changes; change += 1) {
    const waitMs = start + change * EVERY_MS - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    sent.push(switchUnit(world, token));
  }
  const answeredAt = await Promise.all(sent.map(({ answered }) => answered));
  const all = until(() => missing(sent, feed) === 0, { what: 'the arrival of every change' });
  await Promise.race([feed.ended, all]).catch((cause: unknown) => {
    throw new Error(`${missing(sent, feed)} of ${changes} changes were not pushed`, { cause });
  });
  const arrivals = sent.map(({ reason }) => feed.arrivals.get(reason) ?? NEVER);
  return {
    whole: sent.map(({ at }, index) => (arrivals[index] ?? NEVER).at - at),
    answer: sent.map(({ at }, index) => (answeredAt[index] ?? Number.NaN) - at),
    age: arrivals.map(({ ageMs }) => ageMs),
  };
}

function missing(sent: readonly Sent[], { arrivals }: Feed): number {
  return sent.filter(({ reason }) => !arrivals.has(reason)).length;
}

/** Puts the next unit out of service, or back when all are. */
function switchUnit({ writer, units }: World, token: string): Sent {
  const unit = units[made % units.length] ?? '';
  const status = Math.floor(made / units.length) % 2 === 0 ? 'MAINTENANCE' : 'AVAILABLE';
  const reason = `change ${made}`;
  made += 1;
  const input = { gpuId: encodeGlobalId('Gpu', unit), status, reason };
  const at = performance.now();
  return { reason, at, answered: mutate(`${writer.origin}/graphql`, token, input) };
}

/** Resolves with the instant of the answer. */
async function mutate(url: string, token: string, input: object): Promise<number> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const body = JSON.stringify({ query: MUTATION, variables: { input } });
  const text = await (await fetch(url, { method: 'POST', headers, body })).text();
  if (!text.includes('SetGpuStatusSuccess')) throw new Error(`the change was refused: ${text}`);
  return performance.now();
}

function report(rounds: readonly Round[], changes: number): BenchResult {
  const sampled = (what: keyof Round, share: number) =>
    sampleOf(rounds.map((round) => quantile(round[what], share)));
  const line = (name: string, what: keyof Round): string[] => [
    name,
    spread(sampled(what, 0.5), 'ms'),
    spread(sampled(what, 0.99), 'ms'),
  ];
  const whole = sampled('whole', 0.99).median;
  return {
    title: "(c) From a mutation to another node's client",
    parameters:
      `${changes} changes per round, ${CHANGES_PER_SECOND}/s, of ${MARKETS * UNITS_PER_MARKET} units in ${MARKETS} markets; medians of ${ROUNDS} rounds; two node processes, PostgreSQL without fsync, ` +
      'Redis and the client share all cores; mutation over HTTP, push over WebSocket',
    columns: ['', 'p50', 'p99'],
    rows: [
      line('mutation sent → pushed by the other node', 'whole'),
      line("the change's own instant, before its commit → pushed", 'age'),
      line('mutation sent → answered', 'answer'),
    ],
    aims: [
      {
        text: `p99 from sending the mutation to the push ≤ ${AIM_P99_MS} ms: ${short(whole)} ms`,
        met: whole <= AIM_P99_MS,
      },
    ],
  };
}
