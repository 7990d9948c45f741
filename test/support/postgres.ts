import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';

/** A database of a test's own on the run's PostgreSQL. */
export interface TestDatabase {
  readonly url: string;
  /** Removes it, closing whatever connections are left. */
  drop(): Promise<void>;
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export interface TestDatabaseOptions {
  readonly name?: string;
  /** What it is a copy of; nobody may be connected to that. */
  readonly template?: string;
}

/** Makes a database, an empty one by default; the caller drops it. Not for unit tests: they do no I/O. */
export async function createTestDatabase({
  name = `edgebook_${randomUUID().replaceAll('-', '')}`,
  template = 'template1',
}: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  await execute(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(server, `DROP DATABASE ${name} WITH (FORCE)`) };
}
