import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startStandIn, type StandIn } from './stand-in.ts';

let world: StandIn;

beforeAll(async () => {
  world = await startStandIn({ limited: false });
});

afterAll(() => world.server.stop());

describe('GraphQL over HTTP', () => {
  test('is spoken as every audit of graphql-http wants it', async () => {
    const audits = serverAudits({ url: () => `${world.server.url}/graphql`, fetchFn: fetch });
    const results = await Promise.all(audits.map((audit) => audit.fn()));
    const failed = results.filter(({ status }) => status !== 'ok');
    expect(failed.map(({ id, name, status }) => ({ id, name, status }))).toEqual([]);
    expect(results).toHaveLength(61);
  });
});
