import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { startEdgebook, type TestEdgebook } from '../../support/edgebook.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { until } from '../../support/wait.ts';
import * as files from './files.ts';

let created: TestDatabase;
let server: TestEdgebook;
let input: files.InputFiles;

beforeAll(async () => {
  created = await createTestDatabase();
  input = await files.createInputFiles();
  server = await startEdgebook({ DATABASE_URL: created.url });
});
afterAll(async () => {
  await server?.stop();
  await created?.drop();
  await input?.remove();
});

const QUERY = `{
  regions { code }
  providers { totalCount }
  gpus { nodes { name offer { usdPerGpuHour } } }
  prices { usdPerGpuHour }
}`;

async function ask(): Promise<unknown> {
  const answer = await fetch(`${server.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY }),
  });
  return ((await answer.json()) as { data: unknown }).data;
}

function market(usdPerGpuHour: string): unknown {
  return {
    regions: [{ code: 'lab' }],
    providers: { totalCount: 1 },
    gpus: { nodes: [{ name: 'lab/t4/0001', offer: { usdPerGpuHour } }] },
    prices: [{ usdPerGpuHour }],
  };
}

async function importAt(usd: string): Promise<void> {
  const fleet = await input.csv('fleet.csv', files.FLEET_HEADER, ['n1,T4,2,96000,393216']);
  const args = ['import', 'fleet', fleet, '--region', 'lab', '--usd-per-gpu-hour', usd];
  expect(await runCli(args, { DATABASE_URL: created.url })).toMatchObject({ exitCode: 0 });
}

async function becomes(expected: unknown): Promise<void> {
  await until(async () => JSON.stringify(await ask()) === JSON.stringify(expected), {
    what: 'the imported market at the node',
    timeoutMs: 5_000,
  });
}

test('a running node that had cached an empty market shows what is imported, and every change', async () => {
  expect(await ask()).toMatchObject({ regions: [], gpus: { nodes: [] } });
  await importAt('0.35');
  await becomes(market('0.35'));
  await importAt('0.40');
  await becomes(market('0.40'));
});
