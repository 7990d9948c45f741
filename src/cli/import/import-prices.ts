import { Command } from 'commander';
import { formatCount, plural, printLine } from '../output.ts';
import { withIngest } from './open-ingest.ts';
import { PRICE_COLUMNS, readPriceRow } from './price-rows.ts';
import { PriceSeries } from './price-series.ts';
import { forEachRow, rowsText } from './rows.ts';
import { writeHistories } from './write-histories.ts';
import { countsText, writePairs } from './write-pairs.ts';

const DETAILS = `
A series is (provider, gpu_model, gpu_count, region, rental_type). Its newest row makes its units: n_offers
of them, offered at price_median_usd, FIXED for on_demand and DYNAMIC for spot. The price of a pair is the
lower median of its active offers. A price above 5 times its model's median is clipped. Importing again
changes only what has changed; surplus offers of a series are paused, never deleted.
Every row is also a price of its pair's history, at 00:00Z of its date: of a day's rows the first opens and the
last closes. Candles finer than an hour are written for as long as they are kept (docs/decisions/0010).
Exit code: 0, or 2 when rows were left out.`;

export function importPricesCommand(): Command {
  return new Command('prices')
    .description('import units, offers and reference prices from a price history')
    .argument('<file>', `CSV or CSV.gz with the columns ${PRICE_COLUMNS.join(', ')}`)
    .addHelpText('after', DETAILS)
    .action(importPrices);
}

async function importPrices(file: string): Promise<void> {
  const prices = new PriceSeries();
  const rows = await forEachRow(file, PRICE_COLUMNS, (cells) => prices.add(readPriceRow(cells)));
  const { references, pairs, histories, series, clipped } = prices.catalogue();
  const { candles, counts } = await withIngest(async (ingest) => {
    await ingest.references(references);
    const written = await writeHistories(ingest, histories);
    return { candles: written, counts: await writePairs(ingest, pairs) };
  });
  printLine(`${rowsText(rows)}: ${formatCount(series)} series in ${plural(pairs.length, 'pair')}`);
  printLine(`units: ${countsText(counts)}`);
  printLine(`history: ${plural(candles, 'candle')}`);
  printLine(`${plural(clipped, 'price')} above 5 times the model's median clipped`);
}
