import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPostgres, type Database } from '../../../src/store/database.ts';
import { runCli } from '../../support/cli.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import * as files from './files.ts';

const LIMITS = { maxConnections: 2, connectTimeoutMs: 5_000, statementTimeoutMs: 20_000 };

function priceRow(date: string, offers: number): string {
  return `${date},vast.ai,H100_SXM,8,SE,on_demand,1.9,2.1,2.3,${offers},x`;
}

describe('edgebook import', () => {
  let created: TestDatabase;
  let database: Database;
  let input: files.InputFiles;

  beforeAll(async () => {
    created = await createTestDatabase();
    database = await openPostgres({ url: created.url, ...LIMITS }, () => {});
    input = await files.createInputFiles();
  });
  afterAll(async () => {
    await database.close();
    await created.drop();
    await input.remove();
  });

  function importing(...args: string[]) {
    return runCli(['import', ...args], { DATABASE_URL: created.url });
  }

  async function unitsIn(region: string) {
    return await database.db
      .selectFrom('gpu')
      .innerJoin('offer', 'offer.gpu_id', 'gpu.id')
      .select(['gpu.id', 'gpu_count', 'provider', 'rate_micros', 'offer.status'])
      .where('region', '=', region)
      .orderBy('gpu.id')
      .execute();
  }

  test('makes units of a price history and pauses what a later one does not offer', async () => {
    const first = await input.csv('prices.csv', files.PRICE_HEADER, [priceRow('2026-07-01', 2)]);
    const later = await input.csv('later.csv.gz', files.PRICE_HEADER, [
      priceRow('2026-07-01', 2),
      priceRow('2026-07-02', 1),
    ]);
    const run = await importing('prices', first);
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stdout).toContain('units: 2 added, 0 changed, 0 paused, 0 unchanged');
    expect((await importing('prices', later)).stdout).toContain('0 added, 0 changed, 1 paused');
    const unit = { gpu_count: 8, provider: 'vast-ai', rate_micros: 2_100_000n };
    expect(await unitsIn('se')).toEqual([
      { id: 'se/h100-sxm/0001', ...unit, status: 'ACTIVE' },
      { id: 'se/h100-sxm/0002', ...unit, status: 'PAUSED' },
    ]);
  });

  test('names the line and the reason of a bad row, imports the rest and exits with 2', async () => {
    const path = await input.csv('fleet.csv', files.FLEET_HEADER, [
      'n1,T4,2,96000,393216',
      'n2,T4,two,96000,393216',
      'n3,T4',
      'n1,T4,2,96000,393216',
      '"n4,T4,2,96000,393216',
    ]);
    const run = await importing('fleet', path, '--region', 'NO', '--usd-per-gpu-hour', '0.35');
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('line 3: gpu_count "two" is not a whole number from 1 to 1024');
    expect(run.stderr).toContain('line 4: it has 2 columns where the header has 5');
    expect(run.stderr).toContain('line 5: node_id is the same as in line 2');
    expect(run.stderr).toMatch(/line [67]: it is not readable as CSV/);
    const unit = { gpu_count: 2, provider: 'fleet', rate_micros: 350_000n, status: 'ACTIVE' };
    expect(await unitsIn('no')).toEqual([{ id: 'no/t4/0001', ...unit }]);
  });

  test('prices a fleet at what the catalogue says of its model', async () => {
    const catalog = await input.csv('catalog.csv', files.CATALOG_HEADER, [
      'a,acme,Zeta 9,NVIDIA,24,PCIe,on-demand,0,1.25',
      'b,other,Zeta 9,NVIDIA,24,PCIe,spot,1,0.10',
    ]);
    expect((await importing('catalog', catalog)).stdout).toBe('2 rows: 2 providers, 1 GPU type\n');
    const fleet = await input.csv('zeta.csv', files.FLEET_HEADER, [
      'z1,ZETA_9,1,0,0',
      'u1,Q,1,0,0',
    ]);
    await importing('fleet', fleet, '--region', 'lab', '--provider', 'acme');
    expect((await unitsIn('lab')).map((unit) => [unit.id, unit.rate_micros])).toEqual([
      ['lab/q/0001', 1_000_000n],
      ['lab/zeta-9/0001', 1_250_000n],
    ]);
  });

  test.each([
    ['a missing file', () => Promise.resolve('nowhere.csv'), 'nowhere.csv: there is no such file.'],
    ['an empty file', () => input.raw('empty.csv', ''), 'the file is empty'],
    ['a missing column', () => input.csv('few.csv', 'node_id,gpu_model', []), 'is missing; line 1'],
    ['broken compression', () => input.raw('torn.csv.gz', 'no gzip'), 'is not whole gzip data'],
  ])('says in one sentence what is wrong with %s', async (_, path, sentence) => {
    const run = await importing('fleet', await path());
    expect(run.exitCode).toBe(1);
    expect(run.stderr.trimEnd().split('\n').at(-1)).toContain(sentence);
  });

  test('says in one sentence that the database does not answer', async () => {
    const run = await runCli(['migrate'], { DATABASE_URL: 'postgres://127.0.0.1:1/nothing' });
    expect(run).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'DATABASE_URL: Postgres does not answer.\n',
    });
  });
});

describe('edgebook', () => {
  test('prints a token and nothing else', async () => {
    const run = await runCli(['token', '--account', 'ann', '--role', 'RENTER', '--expires', '2h']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const [, payload = ''] = run.stdout.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<
      string,
      number
    >;
    expect(claims).toMatchObject({ sub: 'ann', role: 'RENTER' });
    expect(claims['exp']! - claims['iat']!).toBe(7200);
    expect(run.stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  });

  test.each([
    [['token', '--account', 'ann', '--role', 'KING']],
    [['token', '--account', 'ann', '--role', 'RENTER', '--expires', 'soon']],
    [['import', 'fleet', 'x.csv', '--usd-per-gpu-hour', '-1']],
    [['import', 'fleet']],
    [['replay', 'bookings', 'x.csv', '--token', 't', '--speed', 'fast']],
    [['replay', 'bookings', 'x.csv', '--token', 't', '--limit-percent', '0']],
    [['verify-book', 'x.jsonl', '--depth', '101']],
    [['verify-book', 'x.jsonl', '--interval', '500']],
    [['no-such-command']],
  ])('refuses %j with exit code 2', async (args) => {
    const run = await runCli(args);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/^error: /);
  });

  test.each([
    [[]],
    [['serve']],
    [['migrate']],
    [['token']],
    [['import', 'prices']],
    [['import', 'catalog']],
    [['import', 'fleet']],
    [['replay', 'bookings']],
    [['replay', 'prices']],
    [['replay', 'availability']],
    [['verify-book']],
  ])('helps with %j', async (command) => {
    const run = await runCli([...command, '--help']);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain(`Usage: edgebook${['', ...command].join(' ')}`);
  });
});
