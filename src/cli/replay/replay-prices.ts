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
import { Tally } from './tally.ts';
import { startTicker } from './ticker.ts';

/** How long the ticker may take to show the last prices. */
const TICKER_TIMEOUT_MS = 10_000;

const DETAILS = `
Sends one price per pair and day, the lower median of the day's rows, in the order of the days (at speed N a
day takes 24 h / N). Afterwards the priceTicker, which listens all the while, must show the last price of every
pair: exit code 1 otherwise. Needs an OPERATOR's token.`;

export function replayPricesCommand(): Command {
  return withApiOptions(new Command('prices'))
    .description('drive updatePricing with a price history and check that the ticker follows')
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
    const last = await sendAll(client, prices, tally, options.speed);
    for (const line of tally.report('price')) printLine(line);
    const missing = await ticker.missing(last, TICKER_TIMEOUT_MS);
    for (const pair of missing) printLine(`the ticker never showed ${last.get(pair)} for ${pair}`);
    const followed = `${formatCount(last.size - missing.length)} of ${plural(last.size, 'pair')}`;
    printLine(`the ticker followed on ${followed} with ${plural(ticker.ticks, 'tick')}`);
    if (missing.length > 0) process.exitCode = EXIT_FAILED;
  } finally {
    await ticker.stop();
  }
}

/** Returns the last accepted price of each pair. */
async function sendAll(
  client: GraphqlClient,
  prices: readonly DailyPrice[],
  tally: Tally,
  speed: number,
): Promise<Map<string, string>> {
  const last = new Map<string, string>();
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
      last.set(pairKey(price.pair), formatDecimal(price.rateMicros));
    });
  } finally {
    progress.stop();
  }
  return last;
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
