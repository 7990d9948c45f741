import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS, floorMinute } from '../../../src/domain/time.ts';
import { BookingModel, type Step } from '../../support/booking-model.ts';
import { countOverlaps } from '../../support/fleet.ts';
import * as commands from '../../support/market-commands.ts';
import { startMarketNode, type MarketNode } from '../../support/market-node.ts';
import { seedMarket, viewer } from '../../support/market-seed.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';

let database: TestDatabase;
let node: MarketNode;

beforeAll(async () => {
  database = await createTestDatabase();
  node = await startMarketNode({ database });
});

afterAll(async () => {
  await node.stop();
  await database.drop();
});

const index = fc.nat(9);
const hours = fc.integer({ min: 1, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('hold', 'create'), inHours: fc.nat(8), hours }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('confirm', 'cancel'), booking: index }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('extend'), booking: index, hours }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('elapse') }) },
);

/** Hour 0 of the model begins this soon: what begins in the present hour has not begun yet. */
const LEAD_MS = 5 * MINUTE_MS;

/** One unit of the real market, with the model's clock. */
class RealUnit {
  readonly ids: string[] = [];
  readonly #gpuId: string;
  readonly #renter = viewer('RENTER');
  /** The instant of the present hour. */
  readonly #present = floorMinute(Date.now()) + LEAD_MS;

  constructor(gpuId: string) {
    this.#gpuId = gpuId;
  }

  take(next: Step, model: BookingModel): Promise<unknown> {
    const { market } = node;
    if (next.kind === 'elapse') return this.#elapse();
    if (next.kind === 'hold' || next.kind === 'create') {
      const start = this.#present + next.inHours * HOUR_MS;
      return this.#add(next.kind, { start, end: start + next.hours * HOUR_MS });
    }
    const id = this.ids[next.booking] ?? 'none';
    if (next.kind === 'confirm')
      return market.createBooking(this.#renter, commands.bookingOfHold(id));
    if (next.kind === 'cancel')
      return market.cancelBooking(this.#renter, commands.cancellationOf(id));
    const end = (model.bookings[next.booking]?.end ?? 0) - model.hour + next.hours;
    const command = commands.extensionOf(id, this.#present + end * HOUR_MS);
    return market.extendBooking(this.#renter, command);
  }

  async #add(kind: 'hold' | 'create', period: { start: number; end: number }): Promise<void> {
    const { booking } =
      kind === 'hold'
        ? await node.market.holdGpu(this.#renter, commands.holdOf(this.#gpuId, { period }))
        : await node.market.createBooking(this.#renter, commands.bookingOf(this.#gpuId, period));
    this.ids.push(booking.id);
  }

  /** Everything happened one hour earlier; earliest first, so that no two ever overlap. */
  async #elapse(): Promise<void> {
    for (const id of await this.#idsByStart())
      await sql`
        UPDATE booking SET starts_at = starts_at - interval '1 hour',
               ends_at = ends_at - interval '1 hour', created_at = created_at - interval '1 hour',
               hold_expires_at = hold_expires_at - interval '1 hour' WHERE id = ${id}`.execute(
        node.db,
      );
  }

  async #idsByStart(): Promise<string[]> {
    const rows = await node.db
      .selectFrom('booking')
      .select('id')
      .where('gpu_id', '=', this.#gpuId)
      .orderBy('starts_at')
      .execute();
    return rows.map(({ id }) => id);
  }

  async state() {
    const [found] = await node.market.reads.units([this.#gpuId]);
    const bookings = await Promise.all(this.ids.map((id) => node.market.booking(this.#renter, id)));
    return {
      status: found?.value?.status,
      version: found?.value?.version,
      bookings: bookings.map((booking) => [booking?.status, booking?.version]),
    };
  }
}

test('any sequence of steps ends where the model says, with the refusals that it says', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 24, size: 'max' }),
      fc.boolean(),
      async (steps, schedulerIsQuick) => {
        const model = new BookingModel();
        const real = new RealUnit(await (await seedMarket(node.db)).unit());
        for (const next of steps) {
          const attempt = real.take(next, model);
          const expected = model.take(next);
          expect([next, await commands.codeOf(attempt)]).toEqual([next, expected]);
          if (schedulerIsQuick) await node.settleDue();
        }
        await node.settleDue();
        expect(await real.state()).toEqual({
          status: model.status(),
          version: model.unitVersion,
          bookings: model.bookings.map(({ status, version }) => [status, version]),
        });
        expect(await countOverlaps(node)).toBe(0);
      },
    ),
    { numRuns: 25 },
  );
});
