import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startStandIn, type StandIn } from './stand-in.ts';

let world: StandIn;

beforeEach(async () => {
  world = await startStandIn();
});

afterEach(() => world.server.stop());

function openStream(query: string, signal: AbortSignal | null = null): Promise<Response> {
  return world.post({ query }, { accept: 'text/event-stream' }, signal);
}

describe('a stream over SSE', () => {
  test('delivers, and completes when the server stops', async () => {
    const response = await openStream('subscription { ticks }');
    await expect.poll(() => world.subscriptions('sse')).toBe(1);
    world.hub.emit(7);
    await expect.poll(() => world.metric('live_deliveries_total')).toBe(1);
    const stopped = world.server.stop();
    const text = await response.text();
    expect(text).toContain('data: {"data":{"ticks":7}}');
    expect(text).toContain('event: complete');
    await stopped;
  });

  test('is let go when its client vanishes, though nothing happens on it', async () => {
    const client = new AbortController();
    await openStream('subscription { ticks }', client.signal);
    await expect.poll(() => world.subscriptions('sse')).toBe(1);
    client.abort();
    await expect.poll(() => world.subscriptions('sse'), { timeout: 6_000 }).toBe(0);
    expect(world.hub.tails.size).toBe(0);
  });

  test('ends with a masked error when its source throws', async () => {
    const text = await (await openStream('subscription { broken }')).text();
    expect(text).toContain('"broken":1');
    expect(text).toContain('INTERNAL_SERVER_ERROR');
    expect(text).toContain('event: complete');
    expect(text).not.toContain('secret');
    expect(await world.subscriptions('sse')).toBe(0);
  });

  test('needs a client that reads streams', async () => {
    const response = await world.post({ query: 'subscription { ticks }' });
    expect(response.status).toBe(406);
    expect(world.hub.tails.size).toBe(0);
  });

  test('is one of at most 128 per address', async () => {
    const streams = await Promise.all(
      Array.from({ length: 128 }, () => openStream('subscription { ticks }')),
    );
    await expect.poll(() => world.subscriptions('sse')).toBe(128);
    const refused = await (await openStream('subscription { ticks }')).text();
    expect(refused).toContain('THROTTLED');
    for (const stream of streams) void stream.body?.cancel();
  });
});
