import { connect, type Socket } from 'node:net';
import { clientFrame, FrameReader, sentEventAt, webSocketFrameAt, type Frame } from './frames.ts';
import { OPERATION, OPERATION_ID, PATH, SUBPROTOCOL, type Transport } from './doors.ts';

/** Where a server is. */
export interface Door {
  readonly transport: Transport;
  readonly port: number;
}

export interface LightClientHandlers {
  /** A piece of the stream; the bytes are another client's afterwards. */
  readonly onPayload: (data: Buffer, start: number, end: number) => void;
  /** The server has gone, or has refused. */
  readonly onLost: (reason: string) => void;
}

const HOST = '127.0.0.1';
const READ_BYTES = 65_536;
/** Reading is synchronous, so that all sockets can share it. */
const READ_BUFFER = Buffer.alloc(READ_BYTES);

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

const INIT = textFrame({ type: 'connection_init' });
const SUBSCRIBE = textFrame({ id: OPERATION_ID, type: 'subscribe', payload: OPERATION });
const BODY = JSON.stringify(OPERATION);
const HEADERS = {
  websocket: [
    `GET ${PATH} HTTP/1.1`,
    `host: ${HOST}`,
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    `sec-websocket-key: ${Buffer.alloc(16).toString('base64')}`,
    `sec-websocket-protocol: ${SUBPROTOCOL}`,
  ],
  sse: [
    `POST ${PATH} HTTP/1.1`,
    `host: ${HOST}`,
    'accept: text/event-stream',
    'content-type: application/json',
    `content-length: ${BODY.length}`,
  ],
} as const;
const END = '\r\n\r\n';
const STATUS = { websocket: 'HTTP/1.1 101 ', sse: 'HTTP/1.1 200 ' } as const;

function textFrame(message: object): Buffer {
  return clientFrame(TEXT, Buffer.from(JSON.stringify(message)));
}

/** A subscriber that costs next to nothing: one socket, no parser, no buffer of its own. */
export class LightClient {
  /** Rejects when the server says no, or goes. */
  readonly subscribed: Promise<void>;
  readonly #transport: Transport;
  readonly #handlers: LightClientHandlers;
  readonly #socket: Socket;
  readonly #frames: FrameReader;
  readonly #ready = Promise.withResolvers<void>();
  #phase: 'head' | 'greeting' | 'stream' = 'head';
  #head = '';
  #reason = 'it closed the connection';

  constructor({ transport, port }: Door, handlers: LightClientHandlers) {
    this.#transport = transport;
    this.#handlers = handlers;
    this.subscribed = this.#ready.promise;
    this.#frames =
      transport === 'websocket'
        ? new FrameReader(webSocketFrameAt, (data, frame) => this.#onFrame(data, frame))
        : new FrameReader(sentEventAt, (data, { start, end }) =>
            handlers.onPayload(data, start, end),
          );
    const callback = (length: number): boolean => {
      this.#read(READ_BUFFER.subarray(0, length));
      return true;
    };
    this.#socket = connect({ host: HOST, port, onread: { buffer: READ_BUFFER, callback } });
    this.#begin();
  }

  #begin(): void {
    const socket = this.#socket;
    const body = this.#transport === 'sse' ? BODY : '';
    socket.on('connect', () => socket.write(HEADERS[this.#transport].join('\r\n') + END + body));
    socket.on('error', ({ message }) => {
      this.#reason = message;
    });
    socket.on('end', () => socket.destroy());
    socket.on('close', () => this.#onClose());
    socket.resume();
  }

  #onClose(): void {
    this.#ready.reject(new Error(this.#reason));
    this.#handlers.onLost(this.#reason);
  }

  #read(data: Buffer): void {
    if (this.#phase === 'head') this.#readHead(data);
    else this.#frames.read(data);
  }

  #readHead(data: Buffer): void {
    this.#head += data.toString('latin1');
    const end = this.#head.indexOf(END);
    if (end === -1) return;
    if (!this.#head.startsWith(STATUS[this.#transport])) {
      this.#socket.destroy(new Error(`it answered ${JSON.stringify(this.#head.slice(0, 200))}`));
      return;
    }
    if (this.#transport === 'websocket') {
      this.#phase = 'greeting';
      this.#socket.write(INIT);
    } else this.#go();
    this.#frames.read(Buffer.from(this.#head.slice(end + END.length), 'latin1'));
  }

  #onFrame(data: Buffer, { opcode, start, end }: Frame): void {
    if (opcode === TEXT && this.#phase === 'stream') this.#handlers.onPayload(data, start, end);
    else if (opcode === TEXT) {
      // Whatever a server says first acknowledges the beginning.
      this.#socket.write(SUBSCRIBE);
      this.#go();
    } else if (opcode === PING)
      this.#socket.write(clientFrame(PONG, Buffer.from(data.subarray(start, end))));
    else if (opcode === CLOSE)
      this.#socket.destroy(new Error(`it closed: ${data.toString('utf8', start + 2, end)}`));
  }

  #go(): void {
    this.#phase = 'stream';
    this.#ready.resolve();
  }
}
