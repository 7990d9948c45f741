import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Pair } from '../../../src/domain/catalog.ts';
import { floorMinute, HOUR_MS, type EpochMs } from '../../../src/domain/time.ts';
import type { TokenRole, Viewer } from '../../../src/domain/viewer.ts';
import type * as commands from '../../../src/market/command-types.ts';
import { bookingOf, cancellationOf, codeOf, offerOf } from '../market-commands.ts';
import type { MarketNode } from '../market-node.ts';
import type { Command, Minutes, OrderTerms, UnitTerms } from './commands.ts';
import { microsOf, minutesOf, periodOf } from './scale.ts';
import { readBook, snapshotOfRows, type BookingRow, type Snapshot } from './snapshot.ts';
import { accountOf, seedStory } from './story-seed.ts';

/** A booking as the reference names it. */
export interface BookingName {
  readonly unit: string;
  readonly period: Minutes;
  readonly live: boolean;
}

const viewerOf = (role: TokenRole, accountId: string): Viewer => ({
  role,
  accountId,
  expiresAt: Date.now() + HOUR_MS,
});

/** One pair of a real market, told the commands of a story. */
export class StoryMarket {
  readonly unitIds: readonly string[];
  readonly #node: MarketNode;
  readonly #pair: Pair;
  readonly #units: readonly UnitTerms[];
  readonly #origin: EpochMs = floorMinute(Date.now());
  readonly #operator: Viewer;
  readonly #orders: { readonly id: string; readonly owner: Viewer }[] = [];

  private constructor(
    node: MarketNode,
    pair: Pair,
    units: readonly UnitTerms[],
    unitIds: readonly string[],
  ) {
    this.#node = node;
    this.#pair = pair;
    this.#units = units;
    this.unitIds = unitIds;
    this.#operator = viewerOf('OPERATOR', accountOf('operator', pair));
  }

  static async start(
    node: MarketNode,
    pair: Pair,
    units: readonly UnitTerms[],
  ): Promise<StoryMarket> {
    return new StoryMarket(node, pair, units, await seedStory(node.db, pair, units));
  }

  async snapshot(): Promise<Snapshot> {
    return snapshotOfRows(await readBook(this.#node.db, this.#pair), this.#origin);
  }

  /** Does a command; a booking is found by its name. Tells the answer's code. */
  async take(command: Command, booking: BookingName | undefined): Promise<string> {
    const { market } = this.#node;
    switch (command.kind) {
      case 'placeOrder':
        return codeOf(this.#place(command));
      case 'cancelOrder': {
        const { id, owner } = this.#order(command.order);
        return codeOf(market.cancelOrder(owner, { idempotencyKey: randomUUID(), orderId: id }));
      }
      case 'expireOrder':
        return this.#expire(this.#order(command.order).id);
      case 'createBooking': {
        const ann = viewerOf('RENTER', accountOf('ann', this.#pair));
        const period = periodOf(command.period, this.#origin);
        return codeOf(
          market.createBooking(ann, bookingOf(this.#unitId(command.unit), period, key())),
        );
      }
      case 'cancelBooking':
        return codeOf(this.#cancelBooking(booking));
      case 'upsertOffer':
        return codeOf(market.upsertOffer(this.#operator, this.#offer(command)));
      case 'setGpuStatus': {
        const status = command.online ? 'AVAILABLE' : 'OFFLINE';
        const change = { status, reason: null, ifVersion: null } as const;
        const gpuId = this.#unitId(command.unit);
        return codeOf(market.setGpuStatus(this.#operator, { gpuId, ...change }));
      }
      case 'updatePricing': {
        const price = { rateMicros: microsOf(command.cents), reason: 'the story goes on' };
        return codeOf(market.updatePricing(this.#operator, { ...this.#pair, ...price }));
      }
    }
  }

  async #place(terms: OrderTerms): Promise<void> {
    const owner = viewerOf('RENTER', accountOf(terms.account, this.#pair));
    const { quantity, gpusPerUnit, timeInForce, minTrustTier } = terms;
    const command: commands.PlaceOrderCommand = {
      ...key(),
      ...this.#pair,
      quantity,
      gpusPerUnit,
      limitMicros: microsOf(terms.limitCents),
      period: periodOf(terms.period, this.#origin),
      timeInForce,
      expiresAt: null,
      minTrustTier,
    };
    const { order } = await this.#node.market.placeOrder(owner, command);
    this.#orders.push({ id: order.id, owner });
  }

  /** Nobody can turn the database's clock, so the order's end comes to it. */
  async #expire(id: string): Promise<string> {
    const { rows } =
      await sql`UPDATE market_order SET expires_at = clock_timestamp() - interval '1 s'
      WHERE id = ${id} AND status IN ('OPEN', 'PARTIALLY_FILLED') RETURNING id`.execute(
        this.#node.db,
      );
    await this.#node.settleDue();
    return rows.length === 1 ? 'OK' : 'STATE_CONFLICT';
  }

  async #cancelBooking(name: BookingName | undefined): Promise<void> {
    if (!name) throw new Error('a booking is cancelled by its name');
    const { bookings } = await readBook(this.#node.db, this.#pair);
    const found = bookings.find((row) => this.#isNamed(row, name));
    if (!found)
      throw new Error(`the market has no booking of ${name.unit} in ${name.period.join('–')}`);
    await this.#node.market.cancelBooking(this.#operator, cancellationOf(found.id, key()));
  }

  #isNamed(row: BookingRow, { unit, period, live }: BookingName): boolean {
    const [start, end] = minutesOf(row, this.#origin);
    return row.unit === unit && row.live === live && start === period[0] && end === period[1];
  }

  #offer(command: Command & { readonly kind: 'upsertOffer' }): commands.UpsertOfferCommand {
    const terms = this.#units[command.unit];
    if (!terms) throw new Error(`there is no unit ${command.unit}`);
    return offerOf(this.#unitId(command.unit), {
      ...key(),
      baseMicros: microsOf(command.cents),
      minDurationMinutes: terms.durations[0],
      maxDurationMinutes: terms.durations[1],
      status: command.active ? 'ACTIVE' : 'PAUSED',
    });
  }

  #unitId(unit: number): string {
    const id = this.unitIds[unit];
    if (id === undefined) throw new Error(`there is no unit ${unit}`);
    return id;
  }

  #order(number: number): { readonly id: string; readonly owner: Viewer } {
    const order = this.#orders[number];
    if (!order) throw new Error(`there is no order ${number}`);
    return order;
  }
}

/** Keys of this process must not meet those of another one on the same database. */
function key(): { readonly idempotencyKey: string } {
  return { idempotencyKey: randomUUID() };
}
