import { Command } from 'commander';
import { importCatalogCommand } from './import-catalog.ts';
import { importFleetCommand } from './import-fleet.ts';
import { importPricesCommand } from './import-prices.ts';

export function importCommand(): Command {
  return new Command('import')
    .description('write a catalogue, prices or a fleet into the database; no server needs to run')
    .addCommand(importCatalogCommand())
    .addCommand(importPricesCommand())
    .addCommand(importFleetCommand());
}
