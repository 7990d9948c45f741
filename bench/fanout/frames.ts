/** Where a frame's payload lies in a buffer. */
export interface Frame {
  /** A WebSocket's opcode; 0 elsewhere. */
  readonly opcode: number;
  readonly start: number;
  readonly end: number;
  /** Where the next frame begins. */
  readonly next: number;
}

/** The frame that begins at `at`; null while it is not all there. */
export type FrameAt = (data: Buffer, at: number) => Frame | null;

/** What a server sends over a WebSocket: without masks. Source: RFC 6455, 5.2. */
export const webSocketFrameAt: FrameAt = (data, at) => {
  const short = (data[at + 1] ?? 0) & 0x7f;
  const start = at + (short === 126 ? 4 : short === 127 ? 10 : 2);
  if (start > data.length) return null;
  const length =
    short === 126 ? data.readUInt16BE(at + 2) : short === 127 ? data.readUInt32BE(at + 6) : short;
  const end = start + length;
  return end > data.length ? null : { opcode: (data[at] ?? 0) & 0x0f, start, end, next: end };
};

/** A server-sent event up to its blank line, with the head of the chunk that it may have come in. */
export const sentEventAt: FrameAt = (data, at) => {
  const end = data.indexOf('\n\n', at, 'latin1');
  return end === -1 ? null : { opcode: 0, start: at, end, next: end + 2 };
};

/** A client's frame with an empty mask: texts of less than 64 kB, pongs. */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  const head =
    payload.length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | payload.length])
      : Buffer.from([0x80 | opcode, 0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}

const NOTHING = Buffer.alloc(0);

/** Cuts what a socket reads into frames. What it is given may be overwritten afterwards. */
export class FrameReader {
  readonly #frameAt: FrameAt;
  readonly #onFrame: (data: Buffer, frame: Frame) => void;
  #rest: Buffer = NOTHING;

  constructor(frameAt: FrameAt, onFrame: (data: Buffer, frame: Frame) => void) {
    this.#frameAt = frameAt;
    this.#onFrame = onFrame;
  }

  read(chunk: Buffer): void {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (let frame = this.#frameAt(data, at); frame; frame = this.#frameAt(data, at)) {
      this.#onFrame(data, frame);
      at = frame.next;
    }
    this.#rest = at === data.length ? NOTHING : Buffer.from(data.subarray(at));
  }
}
