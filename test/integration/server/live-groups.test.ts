import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openReady, type RawSocket } from './raw-socket.ts';
import { startStandIn, type StandIn } from './stand-in.ts';

const TICKS = 'subscription { ticks }';
const RESUMING = 'subscription Resume($after: String) { ticks(after: $after) }';

let world: StandIn;
let sockets: RawSocket[];

beforeEach(async () => {
  world = await startStandIn();
  sockets = [];
});

afterEach(async () => {
  for (const { socket } of sockets) socket.terminate();
  await world.server.stop();
});

async function client(account: string | null = null, expiresInMs = 60_000): Promise<RawSocket> {
  const token = account === null ? null : await world.token('RENTER', account, expiresInMs);
  const raw = await openReady(world.server.url, token);
  sockets.push(raw);
  return raw;
}

async function clients(count: number): Promise<RawSocket[]> {
  return Promise.all(Array.from({ length: count }, () => client()));
}

async function subscribed(count: number): Promise<void> {
  await expect.poll(() => world.subscriptions('websocket')).toBe(count);
}

async function dataOf(raw: RawSocket): Promise<unknown> {
  const { payload } = await raw.next();
  return (payload as { data: unknown }).data;
}

describe('equal subscriptions', () => {
  test('cost one execution per event, however many and by whatever door', async () => {
    const members = await clients(20);
    for (const [nth, member] of members.entries()) member.subscribe(`id-${nth}`, TICKS);
    const sse = await world.post({ query: TICKS }, { accept: 'text/event-stream' });
    await subscribed(20);
    await expect.poll(() => world.subscriptions('sse')).toBe(1);
    world.hub.emit(1);
    world.hub.emit(2);
    for (const [nth, member] of members.entries()) {
      expect(await member.next()).toEqual({
        id: `id-${nth}`,
        type: 'next',
        payload: { data: { ticks: 1 } },
      });
      expect(await dataOf(member)).toEqual({ ticks: 2 });
    }
    expect(world.hub.executed).toBe(2);
    expect(await world.metric('live_results_total')).toBe(2);
    expect(await world.metric('live_deliveries_total')).toBe(42);
    expect(await world.metric('live_groups')).toBe(1);
    const counted = '{operation="subscription",result="ok"}';
    expect(await world.metric('graphql_requests_total', counted)).toBe(21);
    await sse.body?.cancel();
  });

  test('are equal whatever position they begin at, and each has its own beginning', async () => {
    const [a, b, c] = await clients(3);
    a?.subscribe('1', RESUMING, { after: '7' });
    b?.subscribe('1', RESUMING, { after: '8' });
    c?.subscribe('1', RESUMING);
    expect(a && (await dataOf(a))).toEqual({ ticks: 7 });
    expect(b && (await dataOf(b))).toEqual({ ticks: 8 });
    await subscribed(3);
    expect(await world.metric('live_groups')).toBe(1);
    world.hub.emit(9);
    for (const member of [a, b, c]) expect(member && (await dataOf(member))).toEqual({ ticks: 9 });
  });

  test('do not suffer from a position that one of them made up', async () => {
    const [raw] = await clients(1);
    const query = 'subscription ($after: Int!) { numbers(after: $after) }';
    raw?.subscribe('bad', query, { after: -1 });
    raw?.subscribe('good', query, { after: 0 });
    expect(await raw?.next()).toMatchObject({
      id: 'bad',
      payload: { errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
    });
    expect(await raw?.next()).toEqual({ id: 'bad', type: 'complete' });
    await subscribed(1);
    expect(await world.metric('live_groups')).toBe(1);
    world.hub.emit(1);
    expect(await raw?.next()).toMatchObject({ id: 'good', payload: { data: { numbers: 1 } } });
  });

  test('are not equal to others of another document, operation name or variable', async () => {
    const [raw] = await clients(1);
    const counted = 'subscription Counted($every: Int) { ticks(every: $every) }';
    raw?.subscribe('1', TICKS);
    raw?.subscribe('2', `${TICKS} `);
    raw?.subscribe('3', counted, { every: 1, undeclared: 1 });
    raw?.subscribe('4', counted, { every: 1 });
    raw?.subscribe('5', counted, { every: 2 });
    await subscribed(5);
    expect(await world.metric('live_groups')).toBe(4);
  });

  test('dissolve with the last of them, and form again', async () => {
    for (let round = 0; round < 3; round += 1) {
      const [a, b] = await clients(2);
      a?.subscribe('1', TICKS);
      b?.subscribe('1', TICKS);
      await subscribed(2);
      expect(world.hub.tails.size).toBe(1);
      a?.socket.terminate();
      await subscribed(1);
      expect(world.hub.tails.size).toBe(1);
      b?.say({ id: '1', type: 'complete' });
      await expect.poll(() => world.metric('live_groups')).toBe(0);
      expect(world.hub.tails.size).toBe(0);
    }
  });

  test('of a source that fails end with a masked error each', async () => {
    const members = await clients(2);
    for (const member of members) member.subscribe('1', 'subscription { broken }');
    for (const member of members) {
      expect(await dataOf(member)).toEqual({ broken: 1 });
      const failed = await member.next();
      expect(failed).toMatchObject({
        payload: { errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
      });
      expect(JSON.stringify(failed)).not.toContain('secret');
      expect(await member.next()).toEqual({ id: '1', type: 'complete' });
    }
    expect(await world.metric('live_groups')).toBe(0);
    await subscribed(0);
  });
});

describe('a private stream', () => {
  test('is shared by the sockets of one token and never by two accounts or roles', async () => {
    const token = await world.token('RENTER', 'ada');
    const own = [
      await openReady(world.server.url, token),
      await openReady(world.server.url, token),
    ];
    const other = await client('ben');
    const nobody = await client();
    const provider = await openReady(world.server.url, await world.token('PROVIDER', 'ada'));
    sockets.push(...own, provider);
    for (const raw of [...own, other, nobody, provider])
      raw.subscribe('1', 'subscription { mine }');
    await subscribed(5);
    expect(await world.metric('live_groups')).toBe(4);
    world.hub.emit(1);
    for (const raw of [...own, provider]) expect(await dataOf(raw)).toEqual({ mine: 'ada 1' });
    expect(await dataOf(other)).toEqual({ mine: 'ben 1' });
    expect(await dataOf(nobody)).toEqual({ mine: 'undefined 1' });
  });

  test("that were taken for a public one would show nobody what is the first one's", async () => {
    await world.server.stop();
    world = await startStandIn({ isPublicStream: () => true });
    const [ada, ben] = [await client('ada'), await client('ben')];
    for (const raw of [ada, ben]) raw.subscribe('1', 'subscription { mine }');
    await subscribed(2);
    expect(await world.metric('live_groups')).toBe(1);
    world.hub.emit(1);
    for (const raw of [ada, ben]) expect(await dataOf(raw)).toEqual({ mine: 'undefined 1' });
  });

  test('ends when its token expires, and a public one of the same socket goes on', async () => {
    const raw = await client('ada', 2_000);
    raw.subscribe('private', 'subscription { mine }');
    raw.subscribe('public', TICKS);
    expect(await raw.next()).toMatchObject({
      id: 'private',
      type: 'next',
      payload: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
    expect(await raw.next()).toEqual({ id: 'private', type: 'complete' });
    world.hub.emit(4);
    expect(await raw.next()).toMatchObject({ id: 'public', payload: { data: { ticks: 4 } } });
  });
});
