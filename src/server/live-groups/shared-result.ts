import type { ExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import type { StreamTold } from '../../live/types.ts';
import { TextFrames } from '../websocket-frame.ts';

/** Of a result that no item stands behind: nothing may leave it out. */
const NOTHING_TOLD: StreamTold = { order: Number.POSITIVE_INFINITY, cursor: null, key: null };

/** A result that was executed once, and its bytes, which are made once for all members. */
export class SharedResult {
  readonly told: StreamTold;
  /** The result in JSON. */
  readonly json: string;
  #frames: TextFrames | null = null;
  #event: Buffer | null = null;

  constructor(result: ExecutionResult, told: StreamTold = NOTHING_TOLD) {
    this.told = told;
    this.json = encodeResult(result);
  }

  /** WebSocket messages, each of which begins with its socket's own part up to `"payload":`. */
  get frames(): TextFrames {
    return (this.#frames ??= new TextFrames(Buffer.from(`${this.json}}`)));
  }

  /** The whole server-sent event; its id is what a browser sends back as `Last-Event-ID`. */
  get event(): Buffer {
    return (this.#event ??= Buffer.from(this.#printEvent()));
  }

  #printEvent(): string {
    const { cursor } = this.told;
    const id = cursor === null ? '' : `id: ${cursor}\n`;
    return `event: next\n${id}data: ${this.json}\n\n`;
  }
}

/** What clients are sent of a result: never the hints for HTTP that errors carry. */
export function encodeResult({ data, errors, extensions }: ExecutionResult): string {
  return JSON.stringify({ data, errors: errors?.map(formatError), extensions });
}

/** An error as clients are told of it inside a stream, where an HTTP status means nothing. */
export function formatError(error: GraphQLError): GraphQLFormattedError {
  const { extensions, ...rest } = error.toJSON();
  const { http: _http, ...told } = extensions ?? {};
  return { ...rest, extensions: told };
}
