import { PassThrough, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import * as ws from 'ws';
import { TextFrames, textFrame } from '../../../src/server/websocket-frame.ts';

/** Exported by the library, and unknown to its types. */
const { Receiver } = ws as unknown as {
  readonly Receiver: new (options: { readonly isServer: boolean }) => Writable;
};

/** What a client's library reads out of a frame. */
function read(frame: Buffer): Promise<string> {
  const receiver = new Receiver({ isServer: false });
  new PassThrough().end(frame).pipe(receiver);
  return new Promise((resolve, reject) => {
    receiver.on('message', (data: Buffer) => resolve(data.toString()));
    receiver.on('error', reject);
  });
}

describe('a message in two parts', () => {
  test.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])(
    'of %i bytes is one text message',
    async (length) => {
      const text = 'ü'.repeat(length / 2) + 'x'.repeat(length % 2);
      const bytes = Buffer.from(text);
      const cut = Math.floor(length / 3);
      expect(await read(textFrame(bytes.subarray(0, cut), bytes.subarray(cut)))).toBe(text);
    },
  );
});

describe('a message for many sockets', () => {
  const HEADS = ['{"id":"1",', '{"id":"2",', '{"id":"a longer one",', '{"id":"3",'];
  const BODY = '"payload":{"data":{"name":"ü"}}}';

  /** What each socket has been sent, read after all were written to. */
  function sentTo(sockets: readonly Writable[], heads: readonly string[]): void {
    const frames = new TextFrames(Buffer.from(BODY));
    for (const [index, socket] of sockets.entries())
      frames.write(socket, Buffer.from(heads[index] ?? ''));
  }

  test('has the beginning of each', async () => {
    const received: string[] = [];
    const sockets = HEADS.map(
      (_, index) =>
        new Writable({
          write: (frame: Buffer, _encoding, done) => {
            received[index] = frame.toString('latin1');
            done();
          },
        }),
    );
    sentTo(sockets, HEADS);
    const texts = received.map((frame) => read(Buffer.from(frame, 'latin1')));
    expect(await Promise.all(texts)).toEqual(HEADS.map((head) => head + BODY));
  });

  test('stays whole for a socket that has not sent it yet', async () => {
    const waiting: Buffer[] = [];
    const sockets = HEADS.map(
      () => new Writable({ write: (frame: Buffer) => void waiting.push(frame) }),
    );
    sentTo(sockets, HEADS);
    const texts = waiting.map((frame) => read(frame));
    expect(await Promise.all(texts)).toEqual(HEADS.map((head) => head + BODY));
  });
});
