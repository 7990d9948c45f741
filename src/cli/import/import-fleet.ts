import { Command, InvalidArgumentError } from 'commander';
import { isSlug, slugify } from '../../domain/catalog.ts';
import { MAX_RATE_MICROS, parseDecimal, type Micros } from '../../domain/money.ts';
import { loadCatalog } from '../../store/catalog-store.ts';
import { plural, printLine } from '../output.ts';
import { FLEET_COLUMNS, FleetUnits, readFleetRow } from './fleet-units.ts';
import { withIngest } from './open-ingest.ts';
import { regionOf } from './regions.ts';
import { forEachRow, rowsText } from './rows.ts';
import { countsText, writePairs } from './write-pairs.ts';

interface FleetOptions {
  readonly provider: string;
  readonly region: string;
  readonly usdPerGpuHour?: Micros;
}

const DEFAULT_PRICE_MICROS = 1_000_000n;

const DETAILS = `
One row is one unit of gpu_count cards, offered at a fixed price for 1 minute to 30 days; node_id names it,
so that importing again changes only what has changed. Units that the file does not name stay as they are.
Exit code: 0, or 2 when rows were left out.`;

export function importFleetCommand(): Command {
  return new Command('fleet')
    .description('import machines as units of one provider in one region')
    .argument('<file>', `CSV or CSV.gz with the columns ${FLEET_COLUMNS.join(', ')}`)
    .option('--provider <slug>', 'whose units they are', parseSlug, 'fleet')
    .option('--region <code>', 'where they stand', parseSlug, 'local')
    .option(
      '--usd-per-gpu-hour <price>',
      "what a GPU-hour costs (default: the model's reference price, else 1.00)",
      parsePrice,
    )
    .addHelpText('after', DETAILS)
    .action(importFleet);
}

function parseSlug(text: string): string {
  const slug = slugify(text);
  if (!isSlug(slug)) throw new InvalidArgumentError('It must be 1-64 letters, digits and dashes.');
  return slug;
}

function parsePrice(text: string): Micros {
  const micros = parseDecimal(text);
  if (micros !== null && micros <= MAX_RATE_MICROS) return micros;
  throw new InvalidArgumentError(
    'It must be a decimal like 1.25, up to 1000000, with at most 6 decimals.',
  );
}

async function importFleet(file: string, options: FleetOptions): Promise<void> {
  const fleet = new FleetUnits();
  const rows = await forEachRow(file, FLEET_COLUMNS, (cells, line) =>
    fleet.add(readFleetRow(cells), line),
  );
  const region = regionOf(options.region);
  const provider = {
    slug: options.provider,
    name: options.provider,
    trustTier: 'VERIFIED',
  } as const;
  const counts = await withIngest(async (ingest, db) => {
    const { gpuTypes } = (await loadCatalog(db)).value;
    const references = new Map(gpuTypes.map((type) => [type.slug, type.referenceMicros]));
    const pairs = fleet.pairs({
      provider: provider.slug,
      region,
      priceMicros: (type) => options.usdPerGpuHour ?? references.get(type) ?? DEFAULT_PRICE_MICROS,
    });
    await ingest.references({
      regions: [region],
      gpuTypes: fleet.gpuTypes(),
      providers: [{ ...provider, reliability: null }],
      pairs: pairs.map((draft) => draft.pair),
    });
    return await writePairs(ingest, pairs);
  });
  printLine(
    `${rowsText(rows)}: ${plural(counts.added, 'new unit')} of ${provider.slug} in ${region.code}`,
  );
  printLine(`units: ${countsText(counts)}`);
}
