import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli, type CliRun } from '../../support/cli.ts';
import { startEdgebook, type TestEdgebook } from '../../support/edgebook.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import * as files from './files.ts';

function priceOf(date: string, usd: string, region: string): string {
  return `${date},acme,V100,1,${region},spot,${usd},${usd},${usd},1,x`;
}

function nodesAt(second: string, zone: string, nodes: number): string {
  return `availability,1-node,${zone},V100,1,2023-02-15T00:00:${second}Z,${nodes},195`;
}

describe('edgebook replay', () => {
  let created: TestDatabase;
  let server: TestEdgebook;
  let input: files.InputFiles;

  beforeAll(async () => {
    created = await createTestDatabase();
    input = await files.createInputFiles();
    const nodes = ['a', 'b', 'c'].map((node) => `${node},V100,1,8000,65536`);
    const fleet = await input.csv('fleet.csv', files.FLEET_HEADER, nodes);
    const env = { DATABASE_URL: created.url };
    await runCli(['import', 'fleet', fleet, '--region', 'us-west-2'], env);
    server = await startEdgebook({ ...env, RATE_LIMIT: 'off' });
  });
  afterAll(async () => {
    await server?.stop();
    await created?.drop();
    await input?.remove();
  });

  function replay(
    kind: string,
    file: string,
    role: 'RENTER' | 'OPERATOR',
    ...args: string[]
  ): Promise<CliRun> {
    const connection = ['--url', `${server.origin}/graphql`, '--token', server.devToken(role)];
    return runCli(['replay', kind, file, ...connection, ...args]);
  }

  test('books what fits and counts the rest by the reason', async () => {
    const [day, week] = [86_400, 604_800];
    const jobs = [
      ...[1, 2, 3].map((id) => `fits-${id},1,460,V100,LS,Running,0,${day},${2 * day}`),
      `full,1,1000,,LS,Running,5,${day},${2 * day}`,
      `later,1,1000,T4|V100,LS,Running,6,${week},${week + 59}`,
      `unknown,1,1000,T4,LS,Running,7,${week},${week + 60}`,
      `large,8,1000,V100,LS,Running,8,${week},${week + 60}`,
      `never,1,1000,,LS,Pending,9,,`,
    ];
    const path = await input.csv('jobs.csv.gz', files.JOB_HEADER, jobs);
    const run = await replay('bookings', path, 'RENTER', '--assert-no-overlap');
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('skipped: 1 never scheduled, 0 before A');
    expect(run.stdout).toContain(
      'sent 7 jobs: 4 succeeded, 3 refused (NO_SUITABLE_UNIT 2, GPU_UNAVAILABLE 1)',
    );
    expect(run.stdout).toMatch(/latency of \d+ calls: p50 [\d.]+ ms, p90/);
    expect(run.stdout).toContain('4 live bookings checked: 0 overlaps');
  });

  test('trades jobs through limit orders', async () => {
    const [start, end] = [3 * 86_400, 4 * 86_400];
    const jobs = [
      ...[1, 2, 3, 4].map((id) => `trade-${id},1,460,V100,LS,Running,0,${start},${end}`),
      ...[5, 6].map((id) => `large-${id},8,1000,V100,LS,Running,8,${start},${end}`),
    ];
    const path = await input.csv('orders.csv', files.JOB_HEADER, jobs);
    const via = ['--via', 'orders', '--concurrency', '4', '--assert-no-overlap'];
    const run = await replay('bookings', path, 'RENTER', ...via);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain(
      'sent 6 jobs: 3 succeeded, 3 refused (NO_SUITABLE_UNIT 2, UNFILLED 1)',
    );
    expect(run.stdout).toContain('4 orders placed: 3 filled, 0 partially, 1 cancelled unfilled');
    expect(run.stdout).toContain('7 live bookings checked: 0 overlaps');
  });

  test('does not pay more than its limit', async () => {
    const job = `low,1,460,V100,LS,Running,0,${5 * 86_400},${6 * 86_400}`;
    const path = await input.csv('low.csv', files.JOB_HEADER, [job]);
    const run = await replay(
      'bookings',
      path,
      'RENTER',
      '--via',
      'orders',
      '--limit-percent',
      '99',
    );
    expect(run.stdout).toContain('sent 1 job: 0 succeeded, 1 refused (UNFILLED 1)');
  });

  test('drives prices and sees the ticker follow', async () => {
    const path = await input.csv('prices.csv', files.PRICE_HEADER, [
      priceOf('2026-07-02', '0.90', 'us-west-2'),
      priceOf('2026-07-01', '0.80', 'us-west-2'),
      priceOf('2026-07-01', '0.80', 'nowhere'),
    ]);
    const run = await replay('prices', path, 'OPERATOR');
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('sent 3 prices: 2 succeeded, 1 refused (NOT_FOUND 1)');
    expect(run.stdout).toContain('the ticker followed on 1 of 1 pair ');
    expect(run.stdout).toContain('the running candle closed at 2 of 2 prices');
  });

  test('switches the first units of a pair as a trace has nodes', async () => {
    const path = await input.csv('availability.csv', files.AVAILABILITY_HEADER, [
      nodesAt('00', 'us-west-2a', 1),
      nodesAt('10', 'us-west-2b', 1),
      nodesAt('20', 'us-west-2a', 0),
      nodesAt('30', 'eu-north-1a', 5),
      'preemption,1-node,us-west-2a,V100,1,2023-02-15T00:00:40Z,,195',
    ]);
    const run = await replay('availability', path, 'OPERATOR');
    expect(run.stdout).toContain('3 changes of 1 pair, 1 of pairs without a unit skipped');
    expect(run.stdout).toContain('sent 4 status changes: 4 succeeded, 0 refused');
    const query = '{ gpus(orderBy: { field: CREATED_AT }) { nodes { status } } }';
    const answer = await fetch(`${server.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const nodes = ['AVAILABLE', 'OFFLINE', 'OFFLINE'].map((status) => ({ status }));
    expect(await answer.json()).toMatchObject({ data: { gpus: { nodes } } });
  });

  test('ends with one sentence when the token may not do it', async () => {
    const path = await input.csv('one.csv', files.PRICE_HEADER, [
      '2026-07-01,acme,V100,1,us-west-2,spot,1,1,1,1,x',
    ]);
    const run = await replay('prices', path, 'RENTER');
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('OPERATOR');
  });
});
