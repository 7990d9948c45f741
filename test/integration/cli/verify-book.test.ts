import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli, type CliRun } from '../../support/cli.ts';
import * as files from './files.ts';

/** Recordings of real exchanges lie beside the project, not in it. */
const DATA = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const KRAKEN = `${DATA}book_kraken_crc32.jsonl.gz`;
const COINBASE = `${DATA}book_coinbase_l2.jsonl.gz`;

let input: files.InputFiles;

beforeAll(async () => {
  input = await files.createInputFiles();
});
afterAll(() => input?.remove());

async function verify(name: string, content: string | Uint8Array): Promise<CliRun> {
  return runCli(['verify-book', await input.raw(name, content)]);
}

function recorded(...lines: object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

describe.skipIf(!existsSync(KRAKEN))('a recorded feed of an exchange (of ../shared/data)', () => {
  test('of Kraken verifies, every checksum of it', async () => {
    const run = await runCli(['verify-book', KRAKEN]);
    expect(run.stdout).toBe(
      '3 books: 3 snapshots, 485 deltas with 485 level changes\n485 checksums compared; 0 breaks\n',
    );
    expect(run.exitCode).toBe(0);
  });

  test('of Coinbase verifies, every change of it', async () => {
    const run = await runCli(['verify-book', COINBASE]);
    expect(run.stdout).toContain('2 books: 2 snapshots, 365 deltas with 365 level changes\n');
    expect(run.stdout).toContain('0 breaks');
    expect(run.exitCode).toBe(0);
  });

  test('does not verify when one digit of one quantity was changed', async () => {
    const text = gunzipSync(await readFile(KRAKEN)).toString();
    const changed = text.replace('"957.43382822"', '"957.43382821"');
    const run = await verify('changed.jsonl', changed);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(/^line 6: OCEAN\/XBT: the checksum is \d+, the levels give \d+$/m);
  });
});

const SNAPSHOT = {
  __typename: 'OrderBookSnapshot',
  bids: [],
  asks: [],
  sequence: '4',
  checksum: '00000000',
};
const HEARTBEAT = { __typename: 'OrderBookHeartbeat', sequence: '4', checksum: '00000000' };

describe('a recording', () => {
  test('of our own feed verifies', async () => {
    const run = await verify('own.jsonl', recorded(SNAPSHOT, HEARTBEAT));
    expect(run.stdout).toContain('1 snapshot, 0 deltas with 0 level changes, 1 heartbeat');
    expect(run.stdout).toContain('0 breaks (chain 0, checksum 0, levels 0)');
    expect(run.exitCode).toBe(0);
  });

  test('names the line of a break and of what is no message', async () => {
    const late = { ...HEARTBEAT, sequence: '5' };
    const text = `${recorded(SNAPSHOT)}\n{"torn\n[]\n${recorded(late)}`;
    const run = await verify('broken.jsonl', text);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('line 3: it is no JSON\nline 4: the line is no object\n');
    expect(run.stderr).toContain('line 5: chain: a heartbeat says 5 where the book is at 4');
  });

  test.each([
    ['something else', '{"price":1}\n', 'no line of it is a message of an order book'],
    ['an endless line', `{"a":"${'x'.repeat(1_000_001)}`, 'a line after line 0 has more than'],
  ])('of %s is a sentence and exit code 1', async (_, content, sentence) => {
    const run = await verify('other.jsonl', content);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(sentence);
  });

  test('that has only snapshots proves nothing', async () => {
    const snapshot = { book: 'A/B', kind: 'snapshot', bids: [], asks: [] };
    expect(await verify('short.jsonl', recorded(snapshot))).toMatchObject({ exitCode: 1 });
  });

  test('must be there', async () => {
    const run = await runCli(['verify-book', 'nowhere.jsonl']);
    expect(run).toMatchObject({ exitCode: 1, stderr: 'nowhere.jsonl: there is no such file.\n' });
  });
});

describe('a live book', () => {
  test('needs its pair', async () => {
    const run = await runCli(['verify-book', 'http://127.0.0.1:1/graphql', '--region', 'x']);
    expect(run).toMatchObject({ exitCode: 2 });
    expect(run.stderr).toBe('A live book needs --gpu-type and --region.\n');
  });
});
