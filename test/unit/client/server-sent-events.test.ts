import { describe, expect, test } from 'vitest';
import {
  readServerSentEvents,
  type ServerSentEvent,
} from '../../../src/client/server-sent-events.ts';

/** Reads a body whose chunks are cut wherever it hurts. */
async function read(text: string, chunk: number): Promise<ServerSentEvent[]> {
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += chunk) {
        controller.enqueue(bytes.slice(at, at + chunk));
      }
      controller.close();
    },
  });
  const events: ServerSentEvent[] = [];
  for await (const event of readServerSentEvents(body)) events.push(event);
  return events;
}

const STREAM =
  ': hello\r\n\r\nevent: next\ndata: {"ä":1}\n\n:\n\nevent:next\ndata: a\ndata: b\n\nevent: complete\ndata:\n\n';

describe('an event stream', () => {
  test.each([1, 2, 3, 7, 1000])(
    'is read whole when it comes in chunks of %i bytes',
    async (chunk) => {
      expect(await read(STREAM, chunk)).toEqual([
        { event: 'next', data: '{"ä":1}' },
        { event: 'next', data: 'a\nb' },
        { event: 'complete', data: '' },
      ]);
    },
  );

  test('gives no event that has not ended', async () => {
    expect(await read('event: next\ndata: 1\n', 5)).toEqual([]);
  });
});
