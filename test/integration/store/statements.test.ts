import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import type { Db, Tx } from '../../../src/store/database.ts';
import { silently, statement } from '../../../src/store/statement.ts';
import { describeOnBothEngines } from '../../support/engines.ts';

interface Note {
  readonly id: number;
  readonly text: string | null;
}

const ADD = silently<Note>(
  (slot) => sql`INSERT INTO note (id, text) VALUES (${slot('id')}, ${slot('text')})`,
);
const TEXTS = statement<object, { readonly text: string | null }>(
  () => sql`SELECT text FROM note ORDER BY id`,
);
const COUNT = statement<object, { readonly notes: bigint }>(
  () => sql`SELECT count(*) AS notes FROM note`,
);
const ECHO = statement<{ readonly list: readonly (string | null)[]; readonly big: bigint }, Echo>(
  (slot) => sql`SELECT ${slot('list')}::text[] AS list, ${slot('big')}::bigint AS big,
                       NULL::text AS nothing, true AS yes`,
);
interface Echo {
  readonly list: readonly (string | null)[];
  readonly big: bigint;
  readonly nothing: null;
  readonly yes: boolean;
}

async function stored(db: Db): Promise<unknown[]> {
  const { rows } = await sql<Note>`SELECT text FROM note ORDER BY id`.execute(db);
  return rows.map(({ text }) => text);
}

describeOnBothEngines('the statements of a transaction', (node) => {
  const inTransaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    node().db.transaction().execute(work);
  beforeAll(async () => {
    await sql`CREATE TABLE note (id integer PRIMARY KEY, text text)`.execute(node().db);
  });

  test('are executed in the order in which they are run, awaited or not', async () => {
    const [texts, [row]] = await inTransaction(async (tx) => {
      await ADD(tx, { id: 1, text: 'first' });
      await ADD(tx, { id: 2, text: null });
      return Promise.all([TEXTS(tx, {}), COUNT(tx, {})]);
    });
    expect(texts).toEqual([{ text: 'first' }, { text: null }]);
    expect(row).toEqual({ notes: 2n });
    expect(await stored(node().db)).toEqual(['first', null]);
  });

  test('mix with those that Kysely runs', async () => {
    const seen = await inTransaction(async (tx) => {
      await ADD(tx, { id: 3, text: 'third' });
      const { rows } = await sql<Note>`SELECT id, text FROM note WHERE id = ${3}`.execute(tx);
      return rows;
    });
    expect(seen).toEqual([{ id: 3, text: 'third' }]);
  });

  test('fail the transaction with their own error, also where only COMMIT follows', async () => {
    const twice = inTransaction(async (tx) => {
      await ADD(tx, { id: 4, text: 'gone' });
      await ADD(tx, { id: 4, text: 'refused' });
    });
    await expect(twice).rejects.toMatchObject({ code: '23505' });
    const before = inTransaction(async (tx) => {
      await ADD(tx, { id: 1, text: 'refused' });
      return COUNT(tx, {});
    });
    await expect(before).rejects.toMatchObject({ code: '23505' });
    expect(await stored(node().db)).toEqual(['first', null, 'third']);
  });

  test('leave nothing behind when the work fails, and the connection goes on', async () => {
    const failing = inTransaction(async (tx) => {
      await ADD(tx, { id: 5, text: 'gone' });
      throw new Error('changed its mind');
    });
    await expect(failing).rejects.toThrow('changed its mind');
    await inTransaction((tx) => ADD(tx, { id: 6, text: 'sixth' }));
    expect(await stored(node().db)).toEqual(['first', null, 'third', 'sixth']);
  });

  test('that could not be prepared may be run again once they can', async () => {
    const later = statement<object, { readonly one: number }>(() => sql`SELECT one FROM later`);
    const attempt = (): Promise<unknown> =>
      inTransaction(async (tx) => {
        const [[count], rows] = await Promise.all([COUNT(tx, {}), later(tx, {})]);
        return [count, rows];
      });
    await expect(attempt()).rejects.toMatchObject({ code: '42P01' });
    await sql`CREATE TABLE later AS SELECT 1 AS one`.execute(node().db);
    expect(await attempt()).toEqual([{ notes: 4n }, [{ one: 1 }]]);
  });

  test('go on after a migration has added a column', async () => {
    await inTransaction((tx) => TEXTS(tx, {}));
    await sql`ALTER TABLE note ADD COLUMN more text DEFAULT 'x'`.execute(node().db);
    expect(await inTransaction((tx) => TEXTS(tx, {}))).toHaveLength(4);
  });

  test('take lists and large numbers as they are', async () => {
    const list = ['plain', 'a "quoted" one', String.raw`back\slash`, '{brace,comma}', '', null];
    const rows = await inTransaction((tx) => ECHO(tx, { list, big: 2n ** 62n }));
    expect(rows).toEqual([{ list, big: 2n ** 62n, nothing: null, yes: true }]);
  });
});
