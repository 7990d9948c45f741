import { sql, type CompiledQuery, type QueryResult, type RawBuilder } from 'kysely';
import type { Db, Tx } from './database.ts';
import { makeKnown } from './known-texts.ts';

/**
 * The statements of the write path. Each is built once, so that its text never changes: a connection
 * prepares it at first use and neither it nor this process plans or builds it again. Columns are named
 * one by one, because a prepared `*` fails once a newer node's migration adds a column.
 */

/** Stands for an argument while a statement is built. */
class Slot {
  readonly name: PropertyKey;

  constructor(name: PropertyKey) {
    this.name = name;
  }
}

/** The arguments by name, as places in the text. */
export type Slots<Args> = <Name extends keyof Args>(name: Name) => RawBuilder<Args[Name]>;
function slot<Value>(name: PropertyKey): RawBuilder<Value> {
  return sql<Value>`${new Slot(name)}`;
}

type Build<Args, Row> = (slot: Slots<Args>, db: Db) => { compile(db: Db): CompiledQuery<Row> };
type Run<Args, Row> = (tx: Tx, args: Args) => Promise<Row[]>;

/** A statement whose rows are wanted. Statements that are run without awaiting in between travel together. */
export function statement<Args extends object, Row>(build: Build<Args, Row>): Run<Args, Row> {
  return runnable(build, false);
}

/**
 * A statement of which only success is wanted. On a server its promise is fulfilled at once, and it is
 * executed with the transaction's next statement, which fails with its error if it has one.
 */
export function silently<Args extends object>(build: Build<Args, unknown>): Run<Args, unknown> {
  return runnable(build, true);
}

/**
 * From here to its end, a transaction's prepared statements are planned once per connection and not
 * again for their arguments: they look up few rows by keys, and what they cost depends on no argument.
 */
export const planOnce = silently<object>(() => sql`SET LOCAL plan_cache_mode = force_generic_plan`);

function runnable<Args extends object, Row>(
  build: Build<Args, Row>,
  silent: boolean,
): Run<Args, Row> {
  let compiled: CompiledQuery<Row> | undefined;
  return async (tx, args) => {
    compiled ??= compile(build(slot, tx).compile(tx), silent);
    const parameters = compiled.parameters.map((value) =>
      value instanceof Slot ? args[value.name as keyof Args] : value,
    );
    const { rows } = await send<Row>(tx, { ...compiled, parameters });
    return rows;
  };
}

function compile<Row>(query: CompiledQuery<Row>, silent: boolean): CompiledQuery<Row> {
  makeKnown(query.sql, { silent });
  return query;
}

/** Does not keep the transaction's connection to itself until the answer has come, as Kysely would. */
async function send<Row>(tx: Tx, query: CompiledQuery<Row>): Promise<QueryResult<Row>> {
  let answer: Promise<QueryResult<Row>> | undefined;
  await tx.getExecutor().provideConnection(async (connection) => {
    answer = connection.executeQuery<Row>(query);
  });
  if (!answer) throw new Error('the connection was not asked');
  return answer;
}
