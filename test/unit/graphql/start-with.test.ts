import { describe, expect, test } from 'vitest';
import { BoundedQueue } from '../../../src/live/bounded-queue.ts';
import { startWith } from '../../../src/graphql/start-with.ts';

function quietSource() {
  let closed = 0;
  const queue = new BoundedQueue<string>({
    limit: 10,
    onClose: () => {
      closed += 1;
    },
  });
  return { queue, closed: () => closed };
}

describe('a stream that starts with the current values', () => {
  test('gives them first, then what happened since', async () => {
    const { queue } = quietSource();
    queue.push('changed');
    const stream = startWith(() => Promise.resolve(['a', 'b']), queue);
    const seen = [await stream.next(), await stream.next(), await stream.next()];
    expect(seen.map(({ value }) => value)).toEqual(['a', 'b', 'changed']);
  });

  test('ends a silent wait at once when its client leaves, and lets go of the source', async () => {
    const { queue, closed } = quietSource();
    const stream = startWith(() => Promise.resolve([]), queue);
    const pending = stream.next();
    await stream.return?.();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(closed()).toBe(1);
  });

  test('gives nothing more after its client has left', async () => {
    const { queue } = quietSource();
    const stream = startWith(() => Promise.resolve(['a', 'b']), queue);
    await stream.next();
    await stream.return?.();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  test('lets go of the source when the current values cannot be read', async () => {
    const { queue, closed } = quietSource();
    const stream = startWith(() => Promise.reject(new Error('no database')), queue);
    await expect(stream.next()).rejects.toThrow('no database');
    expect(closed()).toBe(1);
  });
});
