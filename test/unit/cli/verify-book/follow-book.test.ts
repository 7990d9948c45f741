import { describe, expect, test } from 'vitest';
import { BookCheck } from '../../../../src/cli/verify-book/book-check.ts';
import { followBook, type Followed } from '../../../../src/cli/verify-book/follow-book.ts';
import { GraphqlRequestError } from '../../../../src/client/graphql-client.ts';

const EMPTY = { bids: [], asks: [], checksum: '00000000' };

function snapshot(sequence: string): object {
  return { __typename: 'OrderBookSnapshot', sequence, ...EMPTY };
}

function delta(previousSequence: string, sequence: string): object {
  const rest = { changes: [], checksum: '00000000' };
  return { __typename: 'OrderBookDelta', previousSequence, sequence, ...rest };
}

/** How one subscription goes: values, then an error, silence or, without either, its end. */
type Script = readonly (object | Error | 'silence')[];

interface Outcome extends Followed {
  readonly book: BookCheck;
  readonly notes: readonly string[];
}

/** Follows subscriptions that go as scripted, the last one again and again; stops at a sequence. */
async function follow(scripts: readonly Script[], until: bigint): Promise<Outcome> {
  const book = new BookCheck(20);
  const stopping = new AbortController();
  const notes: string[] = [];
  let opened = 0;
  async function* open(signal: AbortSignal): AsyncGenerator {
    const script = scripts[Math.min(opened, scripts.length - 1)] ?? [];
    opened += 1;
    for (const step of script) {
      if (step instanceof Error) throw step;
      if (step === 'silence') await aborted(signal);
      else yield step;
    }
  }
  const followed = await followBook({
    open,
    book,
    signal: stopping.signal,
    onValue: () => {
      if (book.sequence >= until) stopping.abort();
      return Promise.resolve();
    },
    onNote: (text) => notes.push(text),
    silenceMs: 40,
    pauseMs: 1,
  });
  return { ...followed, book, notes };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
}

const DROPPED = new GraphqlRequestError('NETWORK', 'The socket closed with 1006.');

describe('a follower of a book', () => {
  test('goes on until it is told to end', async () => {
    const { book, ...outcome } = await follow([[snapshot('1'), delta('1', '3')]], 3n);
    expect(outcome).toEqual({ retries: 0, gaveUp: false, notes: [] });
    expect(book.counts).toMatchObject({ snapshots: 1, deltas: 1, bookChanges: 2n });
  });

  test('subscribes again when the connection is lost, and says so', async () => {
    const scripts = [[snapshot('1'), DROPPED], [snapshot('4')]];
    const { notes, ...outcome } = await follow(scripts, 4n);
    expect(outcome).toMatchObject({ retries: 1, gaveUp: false });
    expect(outcome.book.brokenTimes).toBe(0);
    expect(notes).toEqual(['The socket closed with 1006.; subscribing again (1 of 5)']);
  });

  test('does the same when the server ends the stream or says nothing any more', async () => {
    const scripts: Script[] = [[snapshot('1')], [snapshot('2'), 'silence'], [snapshot('3')]];
    const { notes, retries } = await follow(scripts, 3n);
    expect(retries).toBe(2);
    expect(notes.map((note) => note.split(';')[0])).toEqual([
      'the server ended the stream',
      'the stream was silent',
    ]);
  });

  test('drops a broken book, counts the break and begins with a snapshot', async () => {
    const scripts = [[snapshot('1'), delta('2', '3'), delta('3', '9')], [snapshot('5')]];
    const { book, notes } = await follow(scripts, 5n);
    expect(book.counts).toMatchObject({ snapshots: 2, breaks: { chain: 1 }, skipped: 0 });
    expect(notes[0]).toContain('break of the chain: a delta leads from 2 to 3');
  });

  test('counts a message that cannot be read as a break', async () => {
    const { book, notes } = await follow([[snapshot('1'), { sequence: '2' }], [snapshot('2')]], 2n);
    expect(book.brokenTimes).toBe(1);
    expect(notes[0]).toContain('a message is not as the contract says: ');
  });

  test('gives up when nothing comes, five times in a row, and not later', async () => {
    const { retries, gaveUp, notes } = await follow([[DROPPED]], 1n);
    expect({ retries, gaveUp }).toEqual({ retries: 5, gaveUp: true });
    expect(notes.at(-1)).toBe('The socket closed with 1006.; giving up');
  });

  test('gives up on a server that breaks every subscription', async () => {
    const { gaveUp, book } = await follow([[snapshot('1'), delta('2', '3')]], 9n);
    expect(gaveUp).toBe(true);
    expect(book.brokenTimes).toBe(11);
  });

  test('does not repeat what would fail for ever', async () => {
    const unknown = new GraphqlRequestError('BAD_USER_INPUT', 'There is no such book.');
    await expect(follow([[unknown]], 1n)).rejects.toThrow('There is no such book.');
  });
});
