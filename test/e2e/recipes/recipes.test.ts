import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checksumOf, type Book } from '../../../docs/clients/shared/order-book.ts';
import {
  PriceBoard,
  type Price,
  type PriceTick,
} from '../../../docs/clients/shared/price-board.ts';
import type { Kept } from '../../../docs/clients/shared/stream.ts';
import { DAY_MS, HOUR_MS } from '../../../src/domain/time.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { until } from '../../support/wait.ts';
import { fieldOf } from '../doors.ts';
import { startStranger, windowFrom, type KnownUnit, type Stranger } from '../stranger.ts';
import { APPS, type App, type Status } from './apps.ts';

let stranger: Stranger;
let proxy: TcpProxy;
let app: App;
let kept: Kept[] = [];

beforeAll(async () => {
  stranger = await startStranger();
  proxy = await startTcpProxy(Number(new URL(stranger.node.origin).port));
});

afterAll(async () => {
  await proxy.stop();
  expect(await stranger.stop()).toEqual([]);
});

interface Market {
  readonly gpuType: string;
  readonly region: string;
}

function marketOf({ gpuType, region }: KnownUnit): Market {
  return { gpuType: gpuType.slug, region: region.code };
}

/** One market of each kind, in the order of their cheapest units. */
function markets(): Market[] {
  const all = stranger.units.map(marketOf);
  const names = all.map(({ gpuType, region }) => `${gpuType}@${region}`);
  return all.filter((_market, index) => names.indexOf(names[index] ?? '') === index);
}

async function placeBids(market: Market, prices: readonly string[]): Promise<void> {
  const period = windowFrom(2 * DAY_MS, 3 * HOUR_MS);
  await Promise.all(
    prices.map((limitUsdPerGpuHour) =>
      stranger.mutate('placeOrder', { ...market, limitUsdPerGpuHour, period }, 'RENTER'),
    ),
  );
}

async function isBookOfServer(market: Market, book: Book | undefined): Promise<boolean> {
  const query = `query ($gpuType: String!, $region: String!) {
    orderBook(gpuType: $gpuType, region: $region) { sequence checksum } }`;
  const now = fieldOf(await stranger.ask(query, market), 'orderBook');
  if (!book) return false;
  return (
    JSON.stringify(now) === JSON.stringify({ sequence: book.sequence, checksum: checksumOf(book) })
  );
}

async function setPrice(market: Market, usdPerGpuHour: string): Promise<void> {
  const input = { ...market, usdPerGpuHour, reason: 'a test' };
  await stranger.mutate('updatePricing', input, 'OPERATOR');
}

async function bookNow(gpuId: string): Promise<void> {
  await stranger.mutate('createBooking', { gpuId, period: windowFrom(0) }, 'RENTER');
}

async function takeOut(gpuId: string): Promise<void> {
  await stranger.mutate('setGpuStatus', { gpuId, status: 'OFFLINE', reason: 'a test' }, 'OPERATOR');
}

/** A board that remembers what it was given: read prices, and ticks. */
class WatchedBoard extends PriceBoard {
  readonly ticks: PriceTick[] = [];
  reads = 0;

  override set(price: Price | PriceTick): void {
    if ('cursor' in price) this.ticks.push(price);
    else this.reads += 1;
    super.set(price);
  }

  /** Whether it shows what the server says now; the demo moves prices, too. */
  async isOfServer(): Promise<boolean> {
    const query = '{ prices { usdPerGpuHour gpuType { slug } region { code } } }';
    const prices = fieldOf(await stranger.ask(query), 'prices') as Price[];
    return prices.length > 0 && prices.every((price) => this.get(price) === price.usdPerGpuHour);
  }
}

describe.each(Object.entries(APPS))('an app with %s', (name, open) => {
  const turn = Object.keys(APPS).indexOf(name);

  beforeEach(() => {
    app = open(proxy.port);
    kept = [];
  });

  afterEach(() => {
    proxy.mend();
    for (const stream of kept) stream.stop();
    app.close();
  });

  test('keeps a book through a burst of orders and a cut connection', async () => {
    const [market = { gpuType: '', region: '' }] = markets();
    let newest: Book | undefined;
    kept = [app.followOrderBook(market, (book) => (newest = book))];
    await until(() => newest, { what: 'the snapshot' });
    await placeBids(
      market,
      Array.from({ length: 12 }, (_none, n) => `0.0${turn + 1}${10 + n}`),
    );
    await until(() => isBookOfServer(market, newest), { what: 'the book after the burst' });
    proxy.cut();
    await placeBids(market, [`0.0${turn + 1}5`, `0.0${turn + 1}6`]);
    expect(await isBookOfServer(market, newest)).toBe(false);
    proxy.mend();
    await until(() => isBookOfServer(market, newest), { what: 'the book after the cut' });
  });

  test('keeps the prices, and after a cut is sent those that it missed', async () => {
    const board = new WatchedBoard();
    kept = [app.followPrices(board)];
    await until(() => board.isOfServer(), { what: 'the prices as they are' });
    const [first = { gpuType: '', region: '' }, ...others] = markets().slice(0, 4);
    await setPrice(first, `${10 + turn}`);
    await until(() => board.ticks.length > 0 && board.isOfServer(), { what: 'a tick' });
    const { reads } = board;
    proxy.cut();
    for (const market of [...others, first]) await setPrice(market, `${20 + turn}`);
    expect(await board.isOfServer()).toBe(false);
    proxy.mend();
    await until(() => board.isOfServer(), { what: 'what changed while the connection was cut' });
    expect(board.reads).toBe(reads);
    expect(new Set(board.ticks.map(({ cursor }) => cursor)).size).toBe(board.ticks.length);
  });

  test('keeps its cache true, over a cut connection too', async () => {
    const [cached, pushed, missed] = stranger.units.slice(3 * turn, 3 * turn + 3);
    if (!cached || !pushed || !missed) throw new Error('there are too few units');
    expect(await app.statusOf(cached.id)).toBe('AVAILABLE');
    await bookNow(cached.id);
    expect(await app.statusOf(cached.id)).toBe('AVAILABLE');
    const shown = new Map<string, Status>();
    for (const { id } of [pushed, missed]) app.show(id, (status) => shown.set(id, status));
    kept = [app.followInvalidations()];
    const becomes = (id: string, status: string): Promise<unknown> =>
      until(() => shown.get(id) === status, { what: `${status} on the screen` });
    await until(async () => (await app.statusOf(cached.id)) === 'BOOKED', {
      what: 'a fresh cache',
    });
    await Promise.all([becomes(pushed.id, 'AVAILABLE'), becomes(missed.id, 'AVAILABLE')]);
    await bookNow(pushed.id);
    await becomes(pushed.id, 'BOOKED');
    proxy.cut();
    await bookNow(missed.id);
    expect(shown.get(missed.id)).toBe('AVAILABLE');
    proxy.mend();
    await becomes(missed.id, 'BOOKED');
  });

  test('keeps no first answer that a push has overtaken', async () => {
    const units = stranger.units.slice(20 + 4 * turn, 24 + 4 * turn);
    expect(units).toHaveLength(4);
    const [heard, ...asked] = units as [KnownUnit, ...KnownUnit[]];
    kept = [app.followInvalidations()];
    let shown: Status;
    app.show(heard.id, (status) => (shown = status));
    await until(() => shown === 'AVAILABLE', { what: 'a unit on the screen' });
    await takeOut(heard.id);
    await until(() => shown === 'OFFLINE', { what: 'a push' });
    for (const { id } of asked) {
      const first = app.statusOf(id);
      await takeOut(id);
      await first;
      const isFresh = async (): Promise<boolean> => (await app.statusOf(id)) === 'OFFLINE';
      await until(isFresh, { what: 'an answer that is not older than the push' });
    }
  });

  test('shows the last of many changes, though pushes overtake answers', async () => {
    const unit = stranger.units.at(-1 - turn);
    if (!unit) throw new Error('there is no unit');
    const provider = await stranger.token('PROVIDER', unit.provider.slug);
    let shown: Status;
    kept = [app.followInvalidations()];
    app.show(unit.id, (status) => (shown = status));
    const becomes = (status: string): Promise<unknown> =>
      until(() => shown === status, { what: `${status} on the screen` });
    const set = (status: string): Promise<unknown> =>
      stranger.mutate('setGpuStatus', { gpuId: unit.id, status }, provider);
    for (let round = 0; round < 5; round += 1) {
      await set('AVAILABLE');
      await becomes('AVAILABLE');
      for (const status of ['OFFLINE', 'AVAILABLE', 'OFFLINE', 'MAINTENANCE']) await set(status);
      await becomes('MAINTENANCE');
    }
    expect(await app.statusOf(unit.id)).toBe('MAINTENANCE');
  });
});
