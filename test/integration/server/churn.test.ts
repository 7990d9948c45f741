import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openReady } from './raw-socket.ts';
import { openStream } from './raw-stream.ts';
import { startStandIn, type StandIn } from './stand-in.ts';

const CLIENTS = 24;
/** Few clients each, so that groups form and dissolve all the time. */
const GROUPS = 12;
const VISITS = 25;

let world: StandIn;
let visiting: boolean;

beforeEach(async () => {
  world = await startStandIn({ limited: false });
  visiting = true;
});

afterEach(async () => {
  visiting = false;
  await world.server.stop();
});

/** Pseudo-random whole numbers below a bound, the same ones in every run. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

/** Says numbers while there are clients, in bursts and yet more slowly than results can be made. */
async function count(): Promise<void> {
  const random = chance(7);
  let number = 0;
  while (visiting) {
    const burst = random(6) === 0 ? 3 : 0;
    for (let more = burst; more > 0; more -= 1) world.hub.emit((number += 1));
    await turn();
  }
}

type Numbers = { readonly next: () => Promise<number>; readonly leave: () => void };

/** The numbers behind `after` over a socket of its own, which leaves in one of two ways. */
async function overSocket(query: string, after: number, politely: boolean): Promise<Numbers> {
  const raw = await openReady(world.server.url);
  raw.subscribe('1', query, { after });
  return {
    next: async () => numberIn((await raw.next()).payload),
    leave: () => {
      if (!politely) raw.socket.terminate();
      else {
        raw.say({ id: '1', type: 'complete' });
        raw.socket.close();
      }
    },
  };
}

async function overStream(query: string, after: number): Promise<Numbers> {
  const stream = await openStream(world, { query, variables: { after } });
  return { next: async () => numberIn(await stream.next()), leave: () => stream.leave() };
}

function numberIn(result: unknown): number {
  const { data } = result as { data?: { numbers: number } };
  if (!data) throw new Error(`no number: ${JSON.stringify(result)}`);
  return data.numbers;
}

/** Comes and goes; what it hears in all is every number, once and in order. */
async function visit(client: number): Promise<number> {
  const random = chance(client);
  const query = `subscription N${client % GROUPS}($after: Int!) { numbers(after: $after) }`;
  let last = 0;
  for (let nth = 0; nth < VISITS; nth += 1) {
    const door = random(3);
    const open = door === 0 ? overStream(query, last) : overSocket(query, last, door === 1);
    const numbers = await open;
    // Some leave while they are told what they missed, most after that.
    const wanted = world.hub.latest + random(30) - 5;
    while (last < wanted) {
      expect(await numbers.next()).toBe(last + 1);
      last += 1;
    }
    numbers.leave();
  }
  return last;
}

test('clients that come and go hear every number once and in order, and leave nothing behind', async () => {
  const counting = count();
  const clients = Array.from({ length: CLIENTS }, (_, client) => visit(client));
  const heard = await Promise.all(clients);
  visiting = false;
  await counting;
  expect(Math.min(...heard)).toBeGreaterThan(VISITS);
  for (const door of ['websocket', 'sse'])
    await expect.poll(() => world.subscriptions(door), { timeout: 10_000 }).toBe(0);
  await expect.poll(() => world.metric('live_groups')).toBe(0);
  expect(world.hub.tails.size).toBe(0);
  expect(await world.metric('live_overflows_total')).toBe(0);
  expect(world.logged.filter((fields) => 'errorId' in fields)).toEqual([]);
}, 120_000);
