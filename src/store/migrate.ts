import { Migrator, type Migration } from 'kysely/migration';
import type { Db } from './database.ts';
import * as market from './migrations/0001-market.ts';
import * as fleet from './migrations/0002-fleet.ts';
import * as exchange from './migrations/0003-exchange.ts';

const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-market': market,
  '0002-fleet': fleet,
  '0003-exchange': exchange,
};

/** Brings the database to this version's tables; several processes may call it at once. Returns what ran. */
export async function migrate(db: Db): Promise<string[]> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) },
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error) throw new Error('The database could not be migrated.', { cause: error });
  return results.map((result) => result.migrationName);
}
