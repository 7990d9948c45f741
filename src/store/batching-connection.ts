import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { Batch, encode, type Answer, type ColumnOf, type Prepared, type Waiting } from './batch.ts';
import { knownText } from './known-texts.ts';

type Outcome = Pick<Waiting, 'resolve' | 'reject'>;

const NOTHING: Answer = { command: 'SELECT', rowCount: 0, rows: [] };

/**
 * A pooled connection that prepares the known statements and lets them travel together: a silent one
 * waits for the next that is not, and those of one turn of the event loop share a batch. Any other text
 * is as before, except that it takes along what waits.
 */
class BatchingConnection {
  readonly #client: PoolClient;
  readonly #columnOf: ColumnOf;
  readonly #prepared = new Map<string, Prepared>();
  #waiting: Waiting[] = [];
  /** Never used twice: after a failure it is not known which of its names the server has. */
  #names = 0;

  constructor(client: PoolClient, columnOf: ColumnOf) {
    this.#client = client;
    this.#columnOf = columnOf;
  }

  async query(text: string, values: readonly unknown[] = []): Promise<Answer> {
    if (text === 'rollback') return this.#rollBack();
    const known = knownText(text);
    if (!known && this.#waiting.length === 0) return this.#alone(text, values);
    if (known?.silent) {
      this.#wait(text, values, { resolve: () => {}, reject: () => {} });
      return NOTHING;
    }
    return new Promise((resolve, reject) => {
      if (this.#waiting.every(({ silent }) => silent)) process.nextTick(() => this.#send());
      this.#wait(text, values, { resolve, reject });
    });
  }

  release(destroy?: boolean): void {
    this.#client.release(destroy);
  }

  async #alone(text: string, values: readonly unknown[]): Promise<Answer> {
    const { command, rowCount, rows } = await this.#client.query<object>(text, [...values]);
    return { command: command as Answer['command'], rowCount: rowCount ?? 0, rows };
  }

  /** What still waits was for nothing. */
  #rollBack(): Promise<Answer> {
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('rolled back'));
    return this.#alone('rollback', []);
  }

  #send(): void {
    if (this.#waiting.length === 0) return;
    const batch = new Batch(this.#waiting.splice(0), this.#columnOf);
    this.#client.query(batch);
  }

  #wait(text: string, values: readonly unknown[], outcome: Outcome): void {
    const known = knownText(text);
    const prepared = known ? this.#prepared.get(text) : undefined;
    const parsed = known && !prepared ? this.#prepare(text) : prepared;
    this.#waiting.push({
      text,
      values: values.map(encode),
      prepared: parsed ?? null,
      parse: !prepared,
      silent: known?.silent === true,
      resolve: outcome.resolve,
      reject: (error) => {
        if (!prepared) this.#prepared.delete(text);
        outcome.reject(error);
      },
    });
  }

  #prepare(text: string): Prepared {
    this.#names += 1;
    const prepared = { name: `edgebook_${this.#names}`, columns: null };
    this.#prepared.set(text, prepared);
    return prepared;
  }
}

/** The pool as Kysely wants it, with its connections {@link BatchingConnection}s. */
export function batchingPool(pool: Pool, columnOf: ColumnOf): PostgresPool {
  const connections = new WeakMap<PoolClient, BatchingConnection>();
  return {
    options: pool.options,
    connect: async () => {
      const client = await pool.connect();
      const connection = connections.get(client) ?? new BatchingConnection(client, columnOf);
      connections.set(client, connection);
      // Without cursors, which are the only other thing that Kysely would ask for.
      return connection as unknown as PostgresPoolClient;
    },
    end: () => pool.end(),
  };
}
