import type { Writable } from 'node:stream';

const FINAL_TEXT = 0x81;
/** Lengths that do not fit into the second byte are announced by it. */
const TWO_BYTES_FOLLOW = 126;
const EIGHT_BYTES_FOLLOW = 127;
const LARGEST_IN_TWO_BYTES = 65_535;

/**
 * A text message for many sockets that differs in its first part alone. The memory of a frame is used for
 * the next socket's where the system took it at once: half a kilobyte for each would keep the collector
 * of garbage busy, which costs more than the copying.
 */
export class TextFrames {
  readonly #body: Buffer;
  #frame: Buffer | null = null;
  #headLength = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  /** Sends the message behind this first part, as one frame. */
  write(socket: Writable, head: Buffer): void {
    const frame = this.#frameFor(head);
    socket.write(frame);
    // What still waits is the socket's until it is sent.
    if (socket.writableLength > 0) this.#frame = null;
  }

  #frameFor(head: Buffer): Buffer {
    if (this.#frame && head.length === this.#headLength)
      head.copy(this.#frame, this.#frame.length - this.#body.length - head.length);
    else this.#frame = textFrame(head, this.#body);
    this.#headLength = head.length;
    return this.#frame;
  }
}

/**
 * One text message of two parts, as one unmasked frame in one buffer. Source: RFC 6455, §5.2. The
 * library would hand the socket the frame's head and the message as two writes, and
 * writing is most of what a delivery costs.
 */
export function textFrame(head: Buffer, body: Buffer): Buffer {
  const length = head.length + body.length;
  const start = headLength(length);
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = FINAL_TEXT;
  if (start === 2) frame[1] = length;
  else if (start === 4) {
    frame[1] = TWO_BYTES_FOLLOW;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = EIGHT_BYTES_FOLLOW;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  head.copy(frame, start);
  body.copy(frame, start + head.length);
  return frame;
}

function headLength(length: number): 2 | 4 | 10 {
  if (length < TWO_BYTES_FOLLOW) return 2;
  return length <= LARGEST_IN_TWO_BYTES ? 4 : 10;
}
