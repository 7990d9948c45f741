import { describe, expect, it } from 'vitest';
import { Gathering } from '../../../src/cache/gathering.ts';

/** Doubles numbers, and keeps what it was asked at once. */
function doubling() {
  const batches: (readonly number[])[] = [];
  const gathering = new Gathering<number, number>(async (items) => {
    batches.push(items);
    return items.map((item) => item * 2);
  });
  return { gathering, batches };
}

describe('what is asked in one turn of the event loop', () => {
  it('goes out together, and each gets its own answer', async () => {
    const { gathering, batches } = doubling();
    const answers = Promise.all([gathering.ask(1), gathering.ask(2), gathering.ask(3)]);
    expect(batches).toEqual([]);
    expect(await answers).toEqual([2, 4, 6]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('goes out together when the turn is one of promises', async () => {
    const { gathering, batches } = doubling();
    const afterAwait = async (item: number): Promise<number> => {
      for (let count = 0; count < item; count += 1) await Promise.resolve();
      return gathering.ask(item);
    };
    expect(await Promise.all([afterAwait(1), afterAwait(5), afterAwait(9)])).toEqual([2, 10, 18]);
    expect(batches).toEqual([[1, 5, 9]]);
  });

  it('goes out in parts when it is much', async () => {
    const { gathering, batches } = doubling();
    await Promise.all(Array.from({ length: 150 }, (_, item) => gathering.ask(item)));
    expect(batches.map(({ length }) => length)).toEqual([64, 64, 22]);
  });

  it('is separate from what the next turn asks', async () => {
    const { gathering, batches } = doubling();
    await gathering.ask(1);
    await gathering.ask(2);
    expect(batches).toEqual([[1], [2]]);
  });
});

describe('a failure', () => {
  it('is told to all that asked together, and to nobody else', async () => {
    const gathering = new Gathering<number, number>((items) =>
      items.includes(13) ? Promise.reject(new Error('unlucky')) : Promise.resolve(items),
    );
    const together = await Promise.allSettled([gathering.ask(1), gathering.ask(13)]);
    expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await gathering.ask(2)).toBe(2);
  });

  it('is an answer that is missing', async () => {
    const gathering = new Gathering<number, number>((items) => Promise.resolve(items.slice(1)));
    const [first, second] = await Promise.allSettled([gathering.ask(1), gathering.ask(2)]);
    expect(first).toEqual({ status: 'fulfilled', value: 2 });
    expect(second.status).toBe('rejected');
  });
});
