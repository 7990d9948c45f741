import { GraphQLError, type ExecutionResult } from 'graphql';
import { describe, expect, test, vi } from 'vitest';
import { BoundedQueue } from '../../../../src/live/bounded-queue.ts';
import type { StreamTold } from '../../../../src/live/types.ts';
import { Member } from '../../../../src/server/live-groups/member.ts';
import { SharedResult } from '../../../../src/server/live-groups/shared-result.ts';
import { WAITING_LIMIT } from '../../../../src/server/live-groups/waiting-results.ts';

function result(n: number, told: Partial<StreamTold> = {}): SharedResult {
  return new SharedResult({ data: { n } }, { order: n, cursor: null, key: null, ...told });
}

/** A member whose client, opening and group are led by the test. */
function world(options: { restarts?: boolean; at?: number } = {}) {
  const sent: unknown[] = [];
  const drains: (() => void)[] = [];
  const openings: BoundedQueue<ExecutionResult>[] = [];
  const client = { clogged: false };
  const counts = { conflated: 0, overflows: 0 };
  const over = vi.fn<() => void>();
  const member = new Member({
    outlet: {
      transport: 'websocket',
      pressure: {
        bytes: 0,
        get clogged() {
          return client.clogged;
        },
        gather: () => {},
        onDrained: (listener) => void drains.push(listener),
      },
      next: ({ json }) => {
        const { data, errors } = JSON.parse(json) as { data?: { n: number }; errors?: object[] };
        sent.push(data?.n ?? errors);
      },
      complete: () => void sent.push('complete'),
    },
    mask: (error) => new GraphQLError((error as Error).name),
    restarts: options.restarts ?? false,
    open: () => {
      const opening = new BoundedQueue<ExecutionResult>({ limit: 10 });
      openings.push(opening);
      return Promise.resolve({ at: options.at ?? 0, results: opening });
    },
    metrics: {
      subscriptionStarted: () => {},
      subscriptionEnded: () => {},
      delivered: () => {},
      conflated: () => {
        counts.conflated += 1;
      },
      overflowed: () => {
        counts.overflows += 1;
      },
    },
    onOver: over,
  });
  return {
    sent,
    openings,
    client,
    counts,
    over,
    member,
    /** Begins the stream, and waits until it is live. */
    live: async (): Promise<void> => {
      const begun = member.open();
      await vi.waitFor(() => expect(openings).toHaveLength(1));
      openings[0]?.end();
      await begun;
    },
    drain: (): void => {
      client.clogged = false;
      for (const listener of drains.splice(0)) listener();
    },
  };
}

describe('a member', () => {
  test('is sent its opening, then what came meanwhile and is not in it, then the rest', async () => {
    const { member, openings, sent } = world({ at: 5 });
    const begun = member.open();
    member.offer(result(4));
    member.offer(result(6));
    await vi.waitFor(() => expect(openings).toHaveLength(1));
    openings[0]?.push({ data: { n: 1 } });
    openings[0]?.end();
    await begun;
    member.offer(result(5));
    member.offer(result(7));
    expect(sent).toEqual([1, 6, 7]);
  });

  test('that reads slowly is sent the newest of each key, in the order of their positions', async () => {
    const { member, client, sent, drain, live, counts } = world();
    await live();
    client.clogged = true;
    for (const [n, key] of [
      [1, 'a'],
      [2, 'b'],
      [3, 'a'],
      [4, 'a'],
    ] as const)
      member.offer(result(n, { key }));
    expect(sent).toEqual([]);
    drain();
    expect(sent).toEqual([2, 4]);
    expect(counts.conflated).toBe(2);
  });

  test('that may not lose anything is sent all, or ended when too much waits', async () => {
    const { member, client, sent, drain, live, counts, over } = world();
    await live();
    client.clogged = true;
    for (let n = 1; n <= WAITING_LIMIT; n += 1) member.offer(result(n));
    drain();
    expect(sent).toEqual(Array.from({ length: WAITING_LIMIT }, (_, index) => index + 1));
    client.clogged = true;
    for (let n = 1; n <= WAITING_LIMIT + 1; n += 1) member.offer(result(n));
    expect(sent.slice(WAITING_LIMIT)).toMatchObject([
      [{ message: 'StreamOverflowError' }],
      'complete',
    ]);
    expect({ waiting: member.waiting, ...counts }).toEqual({
      waiting: 0,
      conflated: 0,
      overflows: 1,
    });
    expect(over).toHaveBeenCalledOnce();
  });

  test('that begins anew is sent nothing that it missed', async () => {
    const { member, client, sent, drain, live, openings } = world({ restarts: true });
    await live();
    client.clogged = true;
    member.offer(result(1));
    member.offer(result(2));
    expect(member.waiting).toBe(0);
    drain();
    await vi.waitFor(() => expect(openings).toHaveLength(2));
    member.offer(result(4));
    openings[1]?.push({ data: { n: 3 } });
    openings[1]?.end();
    await vi.waitFor(() => expect(sent).toEqual([3, 4]));
  });

  test('waits with its opening for a client that reads slowly', async () => {
    const { member, client, sent, drain, openings } = world();
    client.clogged = true;
    const begun = member.open();
    await vi.waitFor(() => expect(openings).toHaveLength(1));
    openings[0]?.push({ data: { n: 1 } });
    await vi.waitFor(() => expect(sent).toEqual([]));
    drain();
    await vi.waitFor(() => expect(sent).toEqual([1]));
    openings[0]?.end();
    await begun;
  });

  test('hears of the end of its group behind its opening', async () => {
    const { member, sent, openings } = world();
    const begun = member.open();
    member.offer(result(2));
    member.end(null);
    await vi.waitFor(() => expect(openings).toHaveLength(1));
    openings[0]?.push({ data: { n: 1 } });
    openings[0]?.end();
    await begun;
    expect(sent).toEqual([1, 2, 'complete']);
  });

  test('that has gone lets its opening go and is told nothing', async () => {
    const { member, sent, openings, over } = world();
    const begun = member.open();
    await vi.waitFor(() => expect(openings).toHaveLength(1));
    member.close();
    await begun;
    member.offer(result(1));
    member.end(new Error('late'));
    member.close();
    expect(sent).toEqual([]);
    expect(openings[0]?.closed).toBe(true);
    expect(over).toHaveBeenCalledOnce();
  });
});
