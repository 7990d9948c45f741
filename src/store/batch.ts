import type { PostgresQueryResult } from 'kysely';
import type { Connection, FieldDef, Submittable } from 'pg';

/** What a statement gives back. */
export type Answer = PostgresQueryResult<object>;

/** A parameter as the server reads it. */
export type Text = string | null;

/** How a column's text becomes a value. */
export interface Column {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

/** A statement that a connection has prepared. */
export interface Prepared {
  readonly name: string;
  /** Unknown until the server has described them once. */
  columns: readonly Column[] | null;
}

/** A statement on its way. */
export interface Waiting {
  readonly text: string;
  readonly values: readonly Text[];
  /** Null: parsed anew each time. */
  readonly prepared: Prepared | null;
  /** The server is to parse it first. */
  readonly parse: boolean;
  /** Nobody wants its rows. */
  readonly silent: boolean;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** Which of them a field of an answer is. */
export type ColumnOf = (field: FieldDef) => Column;

/**
 * Statements that go to the server in one write and come back in one answer. They are executed in order,
 * each with a snapshot of its own; the first that fails keeps the rest from being executed, and all of
 * them are rejected with its error. The methods after `submit` are those that `pg` calls as the answer
 * comes in.
 */
export class Batch implements Submittable {
  readonly #statements: readonly Waiting[];
  readonly #columnOf: ColumnOf;
  readonly #answers: Answer[] = [];
  #columns: readonly Column[] = [];
  #rows: object[] = [];

  constructor(statements: readonly Waiting[], columnOf: ColumnOf) {
    this.#statements = statements;
    this.#columnOf = columnOf;
    this.#begin();
  }

  submit(connection: Connection): void {
    connection.stream.cork();
    for (const { text, values, prepared, parse, silent } of this.#statements) {
      const name = prepared?.name ?? '';
      if (parse) connection.parse({ name, text, types: [] }, true);
      connection.bind({ statement: name, values: [...values] }, true);
      if (!silent && !prepared?.columns) connection.describe({ type: 'P', name: '' }, true);
      connection.execute(null, true);
    }
    connection.sync();
    connection.stream.uncork();
  }

  handleRowDescription({ fields }: { readonly fields: readonly FieldDef[] }): void {
    this.#columns = fields.map(this.#columnOf);
  }

  handleDataRow({ fields }: { readonly fields: readonly Text[] }): void {
    const row: Record<string, unknown> = {};
    for (const [index, { name, parse }] of this.#columns.entries()) {
      const text = fields[index] ?? null;
      row[name] = text === null ? null : parse(text);
    }
    this.#rows.push(row);
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const { prepared, silent } = this.#current();
    if (prepared && !silent) prepared.columns ??= this.#columns;
    const [command, ...counts] = text.split(' ');
    const rowCount = Number(counts.at(-1) ?? 0);
    this.#answers.push({ command: command as Answer['command'], rowCount, rows: this.#rows });
    this.#begin();
  }

  handleError(error: Error): void {
    for (const { reject } of this.#statements) reject(error);
  }

  handleReadyForQuery(): void {
    for (const [index, answer] of this.#answers.entries()) this.#statements[index]?.resolve(answer);
  }

  #begin(): void {
    this.#columns = this.#statements[this.#answers.length]?.prepared?.columns ?? [];
    this.#rows = [];
  }

  #current(): Waiting {
    const statement = this.#statements[this.#answers.length];
    if (!statement) throw new Error('the server answered more statements than it was sent');
    return statement;
  }
}

/** As the server reads a value from text; null stays null. */
export function encode(value: unknown): Text {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return `{${value.map(encodeElement).join(',')}}`;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    return value.toString();
  }
  throw new TypeError('a parameter is text, a number, a boolean or a list');
}

function encodeElement(value: unknown): string {
  if (Array.isArray(value)) return encode(value) ?? 'NULL';
  const text = encode(value);
  return text === null ? 'NULL' : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
