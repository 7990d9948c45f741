import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startStandIn, type StandIn } from './stand-in.ts';

let world: StandIn;

beforeAll(async () => {
  world = await startStandIn({ limited: false });
});

afterAll(() => world.server.stop());

/** A 4xx with an error that has a code, and not the one of our own bugs. */
async function expectRefusal(sent: Promise<Response>): Promise<void> {
  const response = await sent;
  const body = await response.text();
  expect(body).toContain('"errors"');
  expect(body).toMatch(/"code":"[A-Z_]+"/);
  expect(body).not.toContain('INTERNAL_SERVER_ERROR');
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.status).toBeLessThan(500);
}

describe('a request whose parts are of the wrong kind', () => {
  test.each([
    [{ query: 5 }],
    [{ query: null }],
    [{ query: '' }],
    [{ query: '{ hello }', variables: 'text' }],
    [{ query: '{ hello }', variables: [] }],
    [{ query: '{ hello }', extensions: 'text' }],
    [{ query: '{ hello }', operationName: 5 }],
    [{ query: '{ hello }', operationName: 'Unknown' }],
    [{ query: 'query A { hello } query B { hello }' }],
    [{ query: '{ hello }', unknown: true }],
    [{ query: 'fragment F on Query { hello }' }],
    [null],
    [5],
    ['text'],
  ])('is refused when its body is %j', async (body) => {
    const accept = 'application/graphql-response+json';
    await expectRefusal(world.post(JSON.stringify(body), { accept }));
  });

  test.each([
    'query={hello}&variables={bad',
    'query={hello}&variables=5',
    'query={hello}&extensions={bad',
    'query=',
    '',
  ])('is refused when its URL has %j', async (parameters) => {
    const headers = { accept: 'application/graphql-response+json' };
    await expectRefusal(fetch(`${world.server.url}/graphql?${parameters}`, { headers }));
  });
});

function open(query: string): Promise<Response> {
  const url = `${world.server.url}/graphql?query=${encodeURIComponent(query)}`;
  return fetch(url, { headers: { accept: 'text/event-stream' } });
}

test('an EventSource may subscribe and may not mutate', async () => {
  expect(await (await open('subscription { broken }')).text()).toContain('"broken":1');
  expect(await (await open('mutation { touch }')).text()).not.toContain('"touch":1');
});
