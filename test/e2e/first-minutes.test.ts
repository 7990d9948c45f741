import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEdgebook, type TestEdgebook } from '../support/edgebook.ts';
import { createRenter, type Renter } from './renter.ts';

/** What the README promises to somebody who types `npm start`. */
describe('a node without any server around it', () => {
  const leaving = new AbortController();
  let node: TestEdgebook;
  let renter: Renter;

  beforeAll(async () => {
    node = await startEdgebook({ DEMO_MARKET: 'true' });
    renter = createRenter(node);
  });

  afterAll(async () => {
    leaving.abort();
    await node?.stop();
  });

  test('says where it is, what is embedded, and how to get in', () => {
    expect(node.output()).toContain(`${node.origin}/graphql`);
    expect(node.output()).toContain('PGlite');
    for (const role of ['RENTER', 'PROVIDER', 'OPERATOR'] as const) {
      expect(node.devToken(role)).toMatch(/^eyJ/);
    }
  });

  test('pushes a booking to whoever follows, and reads it back', async () => {
    const followed = await renter.follow(leaving.signal);
    const gpu = await renter.freeGpu();
    expect(await renter.book(gpu)).toMatchObject({ __typename: 'CreateBookingSuccess' });
    expect(await followed.changeOf(gpu)).toMatchObject({ status: 'BOOKED', reason: 'BOOKED' });
    expect(await renter.statusOf(gpu)).toBe('BOOKED');
  });

  test('does once what is asked twice with one idempotency key', async () => {
    const gpu = await renter.freeGpu();
    const first = await renter.book(gpu, 'asked-twice');
    const second = await renter.book(gpu, 'asked-twice');
    expect(first).toMatchObject({ replayed: false });
    expect(second).toMatchObject({ ...first, replayed: true });
  });

  test('refuses a taken GPU with the next free window and units that can be booked', async () => {
    const gpu = await renter.freeGpu();
    await renter.book(gpu);
    const refusal = await renter.book(gpu);
    if (refusal.__typename !== 'GpuUnavailableError') throw new Error(refusal.__typename);
    expect(refusal.nextFreeWindow?.start).toBe(refusal.conflictingUntil);
    const [alternative] = refusal.alternatives;
    expect(await renter.book(alternative?.id ?? '')).toMatchObject({
      __typename: 'CreateBookingSuccess',
    });
  });

  test('ends live streams in order and leaves with 0 when it is told to', async () => {
    const followed = await renter.follow(leaving.signal);
    const stopped = node.stop();
    await followed.ended;
    await stopped;
    expect(await node.ended).toBe(0);
  });
});
