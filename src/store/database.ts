import { Kysely, PGliteDialect, PostgresDialect, type Transaction } from 'kysely';
import type { Tables } from './schema.ts';

/** A connection pool or the transaction under way: what a store function may run a statement on. */
export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

export type DatabaseKind = 'postgres' | 'pglite';

/** The system of record. Which engine is behind it shows in `kind` only for start-up text and metrics. */
export interface Database {
  readonly kind: DatabaseKind;
  readonly db: Db;
  close(): Promise<void>;
}

/** `2026-11-23 06:02:28.123+00`, as both engines print a timestamptz in UTC, to epoch milliseconds. */
function parseTimestamp(text: string): number {
  return Date.parse(`${text.replace(' ', 'T').slice(0, 23).replace(/\+.*$/, '')}Z`);
}

const TIMESTAMPTZ = 1184;
const INT8 = 20;

export interface PostgresOptions {
  readonly url: string;
  readonly maxConnections: number;
  /** How long a request may wait for a connection. */
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** Opens a pool on Postgres ≥ 14. Connections are made when first used, so this does not fail. */
export async function openPostgres(
  options: PostgresOptions,
  onPoolError: (error: Error) => void,
): Promise<Database> {
  const [{ default: pg }, { batchingPool }] = await Promise.all([
    import('pg'),
    import('./batching-connection.ts'),
  ]);
  const getTypeParser = (oid: number, format?: 'text' | 'binary') => {
    if (oid === TIMESTAMPTZ) return parseTimestamp;
    if (oid === INT8) return BigInt;
    return pg.types.getTypeParser(oid, format);
  };
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    options: '-c TimeZone=UTC -c DateStyle=ISO',
    types: { getTypeParser },
  });
  // A client in use whose connection breaks tells its own listeners only: without one, that would end
  // the process. What the pool hears of an idle client, the client has told already.
  pool.on('connect', (client) => client.on('error', onPoolError));
  pool.on('error', () => {});
  const batching = batchingPool(pool, ({ name, dataTypeID }) => ({
    name,
    parse: getTypeParser(dataTypeID),
  }));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: batching }) });
  return { kind: 'postgres', db, close: () => db.destroy() };
}

/** Opens the embedded database in a folder, or in memory with `null`. One process per folder. */
export async function openPglite(dataDir: string | null): Promise<Database> {
  const [{ PGlite }, { btree_gist }] = await Promise.all([
    import('@electric-sql/pglite'),
    import('@electric-sql/pglite/contrib/btree_gist'),
  ]);
  const pglite = await PGlite.create({
    ...(dataDir === null ? {} : { dataDir }),
    extensions: { btree_gist },
    parsers: { [TIMESTAMPTZ]: parseTimestamp, [INT8]: BigInt },
  });
  await pglite.exec(`SET TimeZone = 'UTC'`);
  const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
  return { kind: 'pglite', db, close: () => db.destroy() };
}
