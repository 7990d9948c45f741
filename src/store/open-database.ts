import { lockDataDir } from './data-dir-lock.ts';
import { openPglite, openPostgres, type Database } from './database.ts';

export interface DatabaseTarget {
  /** Null = the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  /** Null = in memory. */
  readonly dataDir: string | null;
}

const POSTGRES = {
  maxConnections: 20,
  connectTimeoutMs: 5_000,
  statementTimeoutMs: 10_000,
} as const;

/** Opens the database that the configuration names; of the embedded one, its folder is locked. */
export async function openDatabase(
  { databaseUrl, dataDir }: DatabaseTarget,
  onPoolError: (error: Error) => void = () => {},
): Promise<Database> {
  if (databaseUrl !== null) return openPostgres({ url: databaseUrl, ...POSTGRES }, onPoolError);
  if (dataDir === null) return openPglite(null);
  const lock = await lockDataDir(dataDir);
  try {
    const database = await openPglite(`${dataDir}/pglite`);
    const close = async (): Promise<void> => {
      await database.close();
      await lock.release();
    };
    return { ...database, close };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
