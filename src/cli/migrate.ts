import { Command } from 'commander';
import { printLine } from './output.ts';
import { withDatabase } from './with-database.ts';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description("bring the database to this version's tables")
    .action(runMigrations);
}

async function runMigrations(): Promise<void> {
  const migrated = await withDatabase((opened) => opened.migrated);
  printLine(
    migrated.length > 0 ? `migrated: ${migrated.join(', ')}` : 'the database is up to date',
  );
}
