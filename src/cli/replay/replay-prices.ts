import { Command } from 'commander';
import { ReplayPriceDocument, type ReplayPriceMutation } from '../../client/generated/graphql.ts';
import type { GraphqlClient } from '../../client/graphql-client.ts';
import { pairKey } from '../../domain/catalog.ts';
import { formatDecimal } from '../../domain/money.ts';
import { EXIT_FAILED } from '../cli-error.ts';
import { PRICE_COLUMNS, readPriceRow, type PriceRow } from '../import/price-rows.ts';
import { forEachRow, rowsText } from '../import/rows.ts';
import { formatCount, plural, printLine } from '../output.ts';
import { startProgress } from '../progress.ts';
import { connect, withApiOptions, type ApiOptions } from './api-options.ts';
import { dailyPrices, type DailyPrice } from './daily-prices.ts';
import { runPaced } from './paced.ts';
import { patiently, refusalCode } from './patiently.ts';
import { runningClose } from './running-close.ts';
import { Tally } from './tally.ts';
import { startTicker } from './ticker.ts';

/** How long the ticker may take to show the last prices. */
const TICKER_TIMEOUT_MS = 10_000;
/** Candles that are told of when they do not follow. */
const MAX_SHOWN = 20;

const DETAILS = `
Sends one price per pair and day, the lower median of the day's rows, in the order of the days (at speed N a
day takes 24 h / N). After each the pair's running candle must close at it; afterwards the priceTicker, which
listens all the while, must show the last price of every pair: exit code 1 otherwise. In a market that trades, a
fill may close the candle elsewhere. Needs an OPERATOR's token.`;

export function replayPricesCommand(): Command {
  return withApiOptions(new Command('prices'))
    .description(
      'drive updatePricing with a price history and check that ticker and candles follow',
    )
    .argument('<file>', `CSV or CSV.gz with the columns ${PRICE_COLUMNS.join(', ')}`)
    .addHelpText('after', DETAILS)
    .action(replayPrices);
}

async function replayPrices(file: string, options: ApiOptions): Promise<void> {
  const rows: PriceRow[] = [];
  const counts = await forEachRow(file, PRICE_COLUMNS, (cells) => rows.push(readPriceRow(cells)));
  const prices = dailyPrices(rows);
  printLine(`${rowsText(counts)}: ${plural(prices.length, 'price')} of pairs and days`);
  const client = connect(options);
  const ticker = await startTicker(client);
  try {
    const tally = new Tally();
    const { last, behind } = await sendAll(client, prices, tally, options.speed);
    for (const line of tally.report('price')) printLine(line);
    const missing = await ticker.missing(last, TICKER_TIMEOUT_MS);
    for (const pair of missing) printLine(`the ticker never showed ${last.get(pair)} for ${pair}`);
    const followed = `${formatCount(last.size - missing.length)} of ${plural(last.size, 'pair')}`;
    printLine(`the ticker followed on ${followed} with ${plural(ticker.ticks, 'tick')}`);
    for (const text of behind.slice(0, MAX_SHOWN)) printLine(text);
    const closed = formatCount(tally.succeeded - behind.length);
    printLine(`the running candle closed at ${closed} of ${plural(tally.succeeded, 'price')}`);
    if (missing.length + behind.length > 0) process.exitCode = EXIT_FAILED;
  } finally {
    await ticker.stop();
  }
}

/** What became of the prices that were taken. */
interface Followed {
  /** The last price of each pair. */
  readonly last: ReadonlyMap<string, string>;
  /** One line for each price that the running candle did not close at. */
  readonly behind: readonly string[];
}

async function sendAll(
  client: GraphqlClient,
  prices: readonly DailyPrice[],
  tally: Tally,
  speed: number,
): Promise<Followed> {
  const last = new Map<string, string>();
  const behind: string[] = [];
  const progress = startProgress('prices sent', prices.length);
  const pace = {
    dueMs: (price: DailyPrice) => price.dueMs,
    speed,
    concurrency: 1,
    onDone: (done: number) => progress.update(done),
  };
  try {
    await runPaced(prices, pace, async (price) => {
      const code = await updatePricing(client, tally, price);
      if (code !== null) return tally.refuse(code);
      tally.succeed();
      const usd = formatDecimal(price.rateMicros);
      last.set(pairKey(price.pair), usd);
      const close = await patiently(() => runningClose(client, price.pair));
      if (close !== usd)
        behind.push(`the candle of ${pairKey(price.pair)} closes at ${close} and not at ${usd}`);
    });
  } finally {
    progress.stop();
  }
  return { last, behind };
}

/** The refusal's code, or null when the price was taken. */
async function updatePricing(
  client: GraphqlClient,
  tally: Tally,
  { pair, rateMicros, date }: DailyPrice,
): Promise<string | null> {
  const input = { ...pair, usdPerGpuHour: formatDecimal(rateMicros), reason: `replay of ${date}` };
  const call = (): Promise<ReplayPriceMutation> => client.execute(ReplayPriceDocument, { input });
  try {
    const { updatePricing: outcome } = await patiently(() => tally.time(call));
    return outcome.__typename === 'UpdatePricingSuccess' ? null : outcome.code;
  } catch (error) {
    return refusalCode(error);
  }
}
