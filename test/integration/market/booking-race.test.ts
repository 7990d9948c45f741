import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Booking } from '../../../src/domain/booking.ts';
import { GpuUnavailableError, UserError } from '../../../src/domain/errors.ts';
import type { BookingOutcome } from '../../../src/market/types.ts';
import { countOverlaps, startFleet, type TestFleet } from '../../support/fleet.ts';
import * as commands from '../../support/market-commands.ts';
import type { MarketNode } from '../../support/market-node.ts';
import { inHours, seedMarket, viewer } from '../../support/market-seed.ts';
import { unpublished } from '../../support/outbox.ts';
import { until } from '../../support/wait.ts';

const CLIENTS = 16;

let fleet: TestFleet;

beforeAll(async () => {
  fleet = await startFleet();
});

afterAll(() => fleet.stop());

interface Results {
  readonly won: readonly Booking[];
  readonly refused: readonly UserError[];
}

function nodeOf(client: number): MarketNode {
  return fleet.nodes[client % 2 === 0 ? 0 : 1];
}

/** Sixteen clients on both nodes, all at once; what is no expected refusal fails the test. */
async function race(
  attempt: (node: MarketNode, client: number) => Promise<BookingOutcome>,
): Promise<Results> {
  const settled = await Promise.allSettled(
    Array.from({ length: CLIENTS }, (_, client) => attempt(nodeOf(client), client)),
  );
  const refused = settled.flatMap((result): unknown[] =>
    result.status === 'rejected' ? [result.reason] : [],
  );
  const unexpected = refused.filter((error) => !(error instanceof UserError));
  if (unexpected.length > 0) throw new AggregateError(unexpected, 'an attempt failed');
  const won = settled.flatMap((result) =>
    result.status === 'fulfilled' ? [result.value.booking] : [],
  );
  return { won, refused: refused as UserError[] };
}

const isUnavailable = (error: UserError): boolean => error instanceof GpuUnavailableError;

const isOut = async (): Promise<boolean> => (await unpublished(fleet.nodes[0].db)) === 0;

function outboxIsOut(): Promise<boolean> {
  return until(isOut, { what: 'the publication of the outbox' });
}

describe('sixteen clients on two nodes', () => {
  test('race for one GPU: one wins, the others get alternatives that they can book', async () => {
    const [node] = fleet.nodes;
    const { unit } = await seedMarket(node.db);
    const gpuId = await unit();
    const spare = [await unit(), await unit()];
    const { won, refused } = await race(({ market }) =>
      market.createBooking(viewer('RENTER'), commands.bookingOf(gpuId)),
    );
    expect(won).toHaveLength(1);
    expect(refused.filter(isUnavailable)).toHaveLength(CLIENTS - 1);
    const refusal = refused.find((error) => error instanceof GpuUnavailableError);
    expect(refusal).toMatchObject({
      conflictingUntil: inHours(4).end,
      nextFreeWindow: { start: inHours(4).end },
    });
    const found = refusal ? await node.market.alternatives(refusal, 2) : [];
    expect(found.map(({ id }) => id)).toEqual(spare);
    const period = inHours(4);
    for (const { id } of found)
      await node.market.createBooking(viewer('RENTER'), commands.bookingOf(id, period));
  });

  test('race for twenty GPUs, round after round: each has exactly one winner', async () => {
    const { unit } = await seedMarket(fleet.nodes[0].db);
    const ids: string[] = [];
    for (let count = 0; count < 20; count += 1) ids.push(await unit());
    const winners = new Map<string, number>();
    for (const round of [2, 5, 8]) {
      for (const target of ids) {
        const { won } = await race(({ market }, client) =>
          client % 3 === 0
            ? market.holdGpu(
                viewer('RENTER'),
                commands.holdOf(target, { period: inHours(round), ttlSeconds: 900 }),
              )
            : market.createBooking(viewer('RENTER'), commands.bookingOf(target, inHours(round))),
        );
        winners.set(target, (winners.get(target) ?? 0) + won.length);
      }
    }
    expect([...winners.values()]).toEqual(ids.map(() => 3));
    expect(await countOverlaps(fleet.nodes[0])).toBe(0);
  });

  test('race over many GPUs at once, each in an order of its own, and nothing deadlocks', async () => {
    const { unit, away, small } = await seedMarket(fleet.nodes[0].db);
    const ids: string[] = [];
    for (let count = 0; count < 20; count += 1)
      ids.push(await unit(count % 2 === 0 ? { region: away } : { gpuType: small }));
    const attempts = Array.from({ length: CLIENTS }, (_, client) =>
      [...ids.slice(client), ...ids.slice(0, client)].map((id) =>
        commands.codeOf(
          nodeOf(client).market.createBooking(viewer('RENTER'), commands.bookingOf(id)),
        ),
      ),
    );
    const codes = await Promise.all(attempts.flat());
    expect(codes.filter((code) => code === 'OK')).toHaveLength(20);
    expect(new Set(codes)).toEqual(new Set(['OK', 'GPU_UNAVAILABLE']));
    const units = (await fleet.nodes[1].market.reads.units(ids)).map(({ value }) => value);
    expect(units.map((found) => found?.busy)).toEqual(ids.map(() => [inHours(4)]));
    expect(await countOverlaps(fleet.nodes[0])).toBe(0);
  });

  test('use one idempotency key: there is one booking, whoever asks', async () => {
    const gpuId = await (await seedMarket(fleet.nodes[0].db)).unit();
    const renter = viewer('RENTER');
    const command = commands.bookingOf(gpuId);
    const { won, refused } = await race(({ market }) => market.createBooking(renter, command));
    expect(new Set(won.map(({ id }) => id)).size).toBe(1);
    expect(refused.every((error) => error.code === 'IDEMPOTENCY_IN_PROGRESS')).toBe(true);
    expect(won.length + refused.length).toBe(CLIENTS);
    const replay = await fleet.nodes[1].market.createBooking(renter, command);
    expect(replay).toMatchObject({ replayed: true, booking: { id: won[0]?.id } });
  });

  test('of one account hold no more than 20 GPUs together', async () => {
    const { unit } = await seedMarket(fleet.nodes[0].db);
    const renter = viewer('RENTER');
    const ids: string[] = [];
    for (let count = 0; count < CLIENTS * 2; count += 1) ids.push(await unit());
    const rounds = [0, CLIENTS].map((offset) =>
      race(({ market }, client) =>
        market.holdGpu(renter, commands.holdOf(ids[offset + client] ?? '')),
      ),
    );
    const results = await Promise.all(rounds);
    expect(results.flatMap(({ won }) => won)).toHaveLength(20);
    const codes = results.flatMap(({ refused }) => refused.map(({ code }) => code));
    expect(codes).toEqual(Array.from({ length: 12 }, () => 'INVALID_INPUT'));
  });

  test('cancel and book again at the same time: never two, and what is refused was taken', async () => {
    const gpuId = await (await seedMarket(fleet.nodes[0].db)).unit();
    const renter = viewer('RENTER');
    const { booking } = await fleet.nodes[0].market.createBooking(
      renter,
      commands.bookingOf(gpuId),
    );
    const { won, refused } = await race(({ market }, client) =>
      client < 4
        ? market.cancelBooking(renter, commands.cancellationOf(booking.id))
        : market.createBooking(viewer('RENTER'), commands.bookingOf(gpuId)),
    );
    expect(won.filter(({ status }) => status === 'CANCELLED')).toHaveLength(1);
    expect(won.filter(({ status }) => status === 'CONFIRMED').length).toBeLessThanOrEqual(1);
    const codes = new Set(refused.map(({ code }) => code));
    expect(codes.isSubsetOf(new Set(['STATE_CONFLICT', 'GPU_UNAVAILABLE']))).toBe(true);
    expect(await countOverlaps(fleet.nodes[0])).toBe(0);
  });

  test('keep racing while Redis is killed: the outcome is the same, and the events follow', async () => {
    await outboxIsOut();
    const { unit } = await seedMarket(fleet.nodes[0].db);
    const ids = [await unit(), await unit(), await unit()];
    for (const [index, gpuId] of ids.entries()) {
      const attempts = race(({ market }) =>
        market.createBooking(viewer('RENTER'), commands.bookingOf(gpuId)),
      );
      if (index === 1) await fleet.redis.kill();
      const { won, refused } = await attempts;
      expect([won.length, refused.filter(isUnavailable).length]).toEqual([1, CLIENTS - 1]);
    }
    expect(await unpublished(fleet.nodes[0].db)).toBeGreaterThan(0);
    for (const { market } of fleet.nodes) {
      const units = await market.reads.units(ids);
      expect(units.map(({ value }) => value?.busy)).toEqual(ids.map(() => [inHours(4)]));
    }
    await fleet.redis.restart();
    await outboxIsOut();
    expect(await countOverlaps(fleet.nodes[0])).toBe(0);
  });
});
