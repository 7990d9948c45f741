import { PassThrough, type Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import * as ws from 'ws';
import { textFrame } from '../../../src/server/websocket-frame.ts';

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
