import { loadConfig, type Config } from '../config.ts';
import type { Db } from '../store/database.ts';
import { isUnavailable } from '../store/failures.ts';
import { migrate } from '../store/migrate.ts';
import { CliError } from './cli-error.ts';

/** What a command gets of the environment: the database that it names, migrated. */
export interface OpenedDatabase {
  readonly db: Db;
  readonly config: Config;
  /** Names of the migrations that ran just now. */
  readonly migrated: readonly string[];
}

/** Runs `work` on the database of the environment and closes it whatever happens. */
export async function withDatabase<T>(
  work: (opened: OpenedDatabase) => T | Promise<T>,
): Promise<T> {
  const config = loadConfig();
  // Loaded when needed: the whole server stands behind it, and `--help` should not wait for that.
  const { openDatabase } = await import('../app.ts');
  const database = await openDatabase(config);
  try {
    const migrated = await migrate(database.db);
    return await work({ db: database.db, config, migrated });
  } catch (error) {
    throw readable(error);
  } finally {
    await database.close();
  }
}

function readable(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : null;
  const away = isUnavailable(error) || isUnavailable(cause);
  return away ? new CliError('DATABASE_URL: Postgres does not answer.') : error;
}
