import { GraphQLError, type ExecutionResult } from 'graphql';
import { describe, expect, test, vi } from 'vitest';
import { BoundedQueue } from '../../../src/live/bounded-queue.ts';
import { liveOperation } from '../../../src/server/live-operation.ts';

function world() {
  const closed = vi.fn<() => void>();
  const ended = vi.fn<() => void>();
  const client = new AbortController();
  const source = new BoundedQueue<ExecutionResult>({ limit: 10, onClose: closed });
  const operation = liveOperation(source, {
    mask: () => new GraphQLError('masked'),
    signal: client.signal,
    onDelivered: vi.fn<() => void>(),
    onEnd: ended,
  });
  return { source, operation, client, closed, ended };
}

describe('a live operation', () => {
  test('passes results on and ends with its source', async () => {
    const { source, operation, ended } = world();
    source.push({ data: { tick: 1 } });
    source.end();
    expect(await operation.next()).toEqual({ done: false, value: { data: { tick: 1 } } });
    expect(await operation.next()).toMatchObject({ done: true });
    expect(ended).toHaveBeenCalledOnce();
  });

  test('ends a silent source at once when its client has gone', async () => {
    const { operation, client, closed, ended } = world();
    const waiting = operation.next();
    client.abort();
    expect(await waiting).toMatchObject({ done: true });
    expect(closed).toHaveBeenCalledOnce();
    expect(ended).toHaveBeenCalledOnce();
  });

  test('turns what a source throws into a last, masked result', async () => {
    const { source, operation, ended } = world();
    source.end(new Error('secret'));
    const last = (await operation.next()) as IteratorYieldResult<ExecutionResult>;
    expect(last.value.errors?.[0]?.message).toBe('masked');
    expect(await operation.next()).toMatchObject({ done: true });
    expect(ended).toHaveBeenCalledOnce();
  });

  test('is counted out once, however often it is ended', async () => {
    const { operation, client, ended } = world();
    await operation.return?.();
    client.abort();
    await operation.return?.();
    expect(ended).toHaveBeenCalledOnce();
  });
});
