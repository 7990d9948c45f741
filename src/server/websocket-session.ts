import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Viewer } from '../domain/viewer.ts';
import { apiError } from '../graphql/errors.ts';
import { authenticate } from './auth.ts';
import { MAX_OPERATIONS_PER_CONNECTION, tooManyOperations } from './connection-limits.ts';
import { CONSISTENCY_HEADER, readConsistencyToken } from './consistency.ts';
import type { LiveGroups } from './live-groups/live-groups.ts';
import type { Outlet } from './live-groups/outlet.ts';
import { formatError, SharedResult } from './live-groups/shared-result.ts';
import type { MaskError } from './masking.ts';
import type { OperationParams } from './operation-params.ts';
import type { OperationSource } from './operation-source.ts';
import type { PrepareOperation } from './operations.ts';
import type { Pressure } from './pressure.ts';
import type { RateLimit } from './rate-limit.ts';
import type { VerifyToken } from './tokens.ts';
import { CLOSE_CODES } from './websocket-close-codes.ts';
import {
  encodeMessage,
  parseMessage,
  resultPrefix,
  type ClientMessage,
  type ServerMessage,
} from './websocket-messages.ts';

/** Sockets that do not say who they are are closed with 4408 after this. */
const INIT_TIMEOUT_MS = 8_000;

export interface SessionOptions {
  readonly prepare: PrepareOperation;
  readonly live: LiveGroups;
  readonly verify: VerifyToken;
  readonly rateLimit: RateLimit;
  readonly mask: MaskError;
}

/** The socket under a session. */
export interface Wire {
  readonly address: string;
  readonly pressure: Pressure;
  send(message: string | Buffer): void;
  close(code: number, reason: string): void;
}

/** An operation that is under way. */
interface Running {
  /** Takes its client out of the stream; null while it is none. */
  leave: (() => void) | null;
}

/** graphql-transport-ws on one socket: every message of the client, in order, and what it leads to. */
export class WebSocketSession {
  readonly #options: SessionOptions;
  readonly #wire: Wire;
  readonly #operations = new Map<string, Running>();
  readonly #initTimer: NodeJS.Timeout;
  #phase: 'new' | 'authenticating' | 'ready' | 'closed' = 'new';
  #viewer: Viewer | null = null;
  /** What the client has seen elsewhere, as it said when it began. */
  #atLeast: unknown = null;

  constructor(options: SessionOptions, wire: Wire) {
    this.#options = options;
    this.#wire = wire;
    this.#initTimer = setTimeout(() => {
      this.#close(CLOSE_CODES.INIT_TIMEOUT, 'Connection initialisation timeout');
    }, INIT_TIMEOUT_MS).unref();
  }

  /** Never throws: a message that cannot be understood closes the socket. */
  receive(text: string): void {
    if (this.#phase === 'closed') return;
    const message = parseMessage(text);
    if (message) this.#handle(message);
    else this.#close(CLOSE_CODES.BAD_REQUEST, 'Invalid message received');
  }

  /** The socket has closed, or is about to: every operation is let go. Idempotent. */
  end(): void {
    this.#phase = 'closed';
    clearTimeout(this.#initTimer);
    const running = [...this.#operations.values()];
    this.#operations.clear();
    for (const { leave } of running) leave?.();
  }

  #handle(message: ClientMessage): void {
    switch (message.type) {
      case 'connection_init':
        void this.#begin(message.payload ?? {});
        return;
      case 'ping':
        this.#tell({ type: 'pong', ...(message.payload && { payload: message.payload }) });
        return;
      case 'pong':
        return;
      case 'subscribe':
        this.#subscribe(message.id, message.payload);
        return;
      case 'complete':
        this.#operations.get(message.id)?.leave?.();
        this.#operations.delete(message.id);
    }
  }

  async #begin(payload: Readonly<Record<string, unknown>>): Promise<void> {
    if (this.#phase !== 'new')
      return this.#close(CLOSE_CODES.TOO_MANY_REQUESTS, 'Too many initialisation requests');
    this.#phase = 'authenticating';
    clearTimeout(this.#initTimer);
    this.#atLeast = payload[CONSISTENCY_HEADER];
    try {
      this.#viewer = await authenticate(this.#options.verify, payload['authorization']);
    } catch {
      return this.#close(CLOSE_CODES.UNAUTHORIZED, 'Unauthorized');
    }
    if (this.#isClosed()) return;
    this.#phase = 'ready';
    this.#tell({ type: 'connection_ack' });
  }

  #subscribe(id: string, params: OperationParams): void {
    if (this.#phase !== 'ready') return this.#close(CLOSE_CODES.UNAUTHORIZED, 'Unauthorized');
    if (this.#operations.has(id))
      return this.#close(CLOSE_CODES.OPERATION_EXISTS, 'Subscriber for this id already exists');
    const running: Running = { leave: null };
    try {
      const source = this.#admit(params);
      this.#operations.set(id, running);
      this.#run(id, running, source, params);
    } catch (error) {
      this.#refuse(id, [this.#options.mask(error)]);
    }
  }

  #run(id: string, running: Running, source: OperationSource, params: OperationParams): void {
    const prepared = this.#options.prepare(source, params);
    if (prepared.kind === 'refused') this.#refuse(id, prepared.errors);
    else if (prepared.kind === 'answer') void this.#answer(id, running, prepared.run);
    else {
      const outlet = this.#outletOf(id, running);
      running.leave = this.#options.live.subscribe(prepared.operation, outlet);
    }
  }

  async #answer(id: string, running: Running, run: () => Promise<ExecutionResult>): Promise<void> {
    const outlet = this.#outletOf(id, running);
    outlet.next(new SharedResult(await run()));
    outlet.complete();
  }

  /** What is written to an operation that its client has ended goes nowhere. */
  #outletOf(id: string, running: Running): Outlet {
    const { pressure } = this.#wire;
    const prefix = resultPrefix(id);
    const isWanted = (): boolean => this.#operations.get(id) === running;
    return {
      transport: 'websocket',
      pressure,
      next: ({ payload }) => {
        if (isWanted()) this.#wire.send(Buffer.concat([prefix, payload]));
      },
      complete: () => {
        if (!isWanted()) return;
        this.#operations.delete(id);
        this.#tell({ type: 'complete', id });
      },
    };
  }

  #admit({ extensions }: OperationParams): OperationSource {
    if (this.#operations.size >= MAX_OPERATIONS_PER_CONNECTION) throw tooManyOperations();
    const viewer = this.#viewer;
    if (viewer && viewer.expiresAt <= Date.now())
      throw apiError('UNAUTHENTICATED', {}, 'The token of this socket has expired.');
    const { address } = this.#wire;
    const admitted = this.#options.rateLimit.admit({ viewer, address, transport: 'websocket' });
    const atLeast = readConsistencyToken(extensions?.['consistencyToken'] ?? this.#atLeast);
    return { ...admitted, atLeast };
  }

  #refuse(id: string, errors: readonly GraphQLError[]): void {
    this.#operations.delete(id);
    this.#tell({ type: 'error', id, payload: errors.map(formatError) });
  }

  #tell(message: ServerMessage): void {
    this.#wire.send(encodeMessage(message));
  }

  #close(code: number, reason: string): void {
    this.end();
    this.#wire.close(code, reason);
  }

  #isClosed(): boolean {
    return this.#phase === 'closed';
  }
}
