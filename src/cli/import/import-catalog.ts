import { Command } from 'commander';
import { plural, printLine } from '../output.ts';
import { CatalogModels, CATALOG_COLUMNS, readCatalogRow } from './catalog-models.ts';
import { withIngest } from './open-ingest.ts';
import { forEachRow, rowsText } from './rows.ts';

const DETAILS = `
Makes providers, GPU types and what a GPU-hour of each type costs (the lower median of its prices, spot
prices only where there is no other). It makes no units.
Exit code: 0, or 2 when rows were left out.`;

export function importCatalogCommand(): Command {
  return new Command('catalog')
    .description('import providers, GPU types and reference prices')
    .argument('<file>', `CSV or CSV.gz with the columns ${CATALOG_COLUMNS.join(', ')}`)
    .addHelpText('after', DETAILS)
    .action(importCatalog);
}

async function importCatalog(file: string): Promise<void> {
  const models = new CatalogModels();
  const rows = await forEachRow(file, CATALOG_COLUMNS, (cells) =>
    models.add(readCatalogRow(cells)),
  );
  const { gpuTypes, providers } = models.references();
  await withIngest((ingest) => ingest.references({ gpuTypes, providers, regions: [], pairs: [] }));
  const made = `${plural(providers.length, 'provider')}, ${plural(gpuTypes.length, 'GPU type')}`;
  printLine(`${rowsText(rows)}: ${made}`);
}
