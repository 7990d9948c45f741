import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Viewer } from '../domain/viewer.ts';
import { apiError } from '../graphql/errors.ts';
import { authenticate } from './auth.ts';
import { MAX_OPERATIONS_PER_CONNECTION, tooManyOperations } from './connection-limits.ts';
import { CONSISTENCY_HEADER, readConsistencyToken } from './consistency.ts';
import type { LiveGroups } from './live-groups/live-groups.ts';
import type { Outlet } from './live-groups/outlet.ts';
import { formatError, SharedResult } from './live-groups/shared-result.ts';
import type { Leave, LiveLimits } from './live-limits.ts';
import type { MaskError } from './masking.ts';
import type { Metrics } from './metrics.ts';
import type { OperationParams } from './operation-params.ts';
import type { OperationSource } from './operation-source.ts';
import type { PrepareOperation } from './operations.ts';
import type { RateLimit } from './rate-limit.ts';
import type { VerifyToken } from './tokens.ts';
import { CLOSE_CODES } from './websocket-close-codes.ts';
import {
  encodeMessage,
  parseMessage,
  type ClientMessage,
  type ServerMessage,
} from './websocket-messages.ts';
import { WebSocketOperation, type OperationWire } from './websocket-operation.ts';

/** Sockets that do not say who they are are closed with 4408 after this. */
const INIT_TIMEOUT_MS = 8_000;

export interface SessionOptions {
  readonly prepare: PrepareOperation;
  readonly live: LiveGroups;
  readonly verify: VerifyToken;
  readonly rateLimit: RateLimit;
  readonly mask: MaskError;
  readonly limits: LiveLimits;
  readonly metrics: Metrics;
}

/** The socket under a session. */
export interface Wire extends OperationWire {
  readonly address: string;
  send(message: string): void;
  close(code: number, reason: string): void;
}

/** graphql-transport-ws on one socket: every message of the client, in order, and what it leads to. */
export class WebSocketSession {
  readonly #options: SessionOptions;
  readonly #wire: Wire;
  readonly #operations = new Map<string, WebSocketOperation>();
  readonly #initTimer: NodeJS.Timeout;
  readonly #onComplete = (id: string): void => {
    this.#forget(id);
    this.#tell({ type: 'complete', id });
  };
  #phase: 'new' | 'authenticating' | 'ready' | 'closed' = 'new';
  #viewer: Viewer | null = null;
  /** Gives back the account's place. */
  #leave: Leave | null = null;
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
    this.#leave?.();
    for (const id of this.#operations.keys()) this.#forget(id)?.leave?.();
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
        this.#forget(message.id)?.leave?.();
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
    this.#leave = this.#options.limits.identifySocket(this.#viewer);
    if (!this.#leave)
      return this.#close(CLOSE_CODES.TOO_MANY_REQUESTS, 'Too many sockets of this account');
    this.#phase = 'ready';
    this.#tell({ type: 'connection_ack' });
  }

  #subscribe(id: string, params: OperationParams): void {
    if (this.#phase !== 'ready') return this.#close(CLOSE_CODES.UNAUTHORIZED, 'Unauthorized');
    if (this.#operations.has(id))
      return this.#close(CLOSE_CODES.OPERATION_EXISTS, 'Subscriber for this id already exists');
    try {
      const source = this.#admit(params);
      const running = new WebSocketOperation(id, this.#wire, this.#onComplete);
      this.#operations.set(id, running);
      this.#run(id, running, source, params);
    } catch (error) {
      this.#refuse(id, [this.#options.mask(error)]);
    }
  }

  #run(
    id: string,
    running: WebSocketOperation,
    source: OperationSource,
    params: OperationParams,
  ): void {
    const prepared = this.#options.prepare(source, params);
    if (prepared.kind === 'refused') this.#refuse(id, prepared.errors);
    else if (prepared.kind === 'answer')
      answer(running, prepared.run).catch((error: unknown) => {
        if (!running.over) this.#refuse(id, [this.#options.mask(error)]);
      });
    else running.leave = this.#options.live.subscribe(prepared.operation, running);
  }

  /** Frees the id of an operation that is under way. */
  #forget(id: string): WebSocketOperation | undefined {
    const running = this.#operations.get(id);
    if (running) running.over = true;
    this.#operations.delete(id);
    return running;
  }

  #admit({ extensions }: OperationParams): OperationSource {
    if (this.#operations.size >= MAX_OPERATIONS_PER_CONNECTION) {
      this.#options.metrics.refused('websocket', 'operations');
      throw tooManyOperations();
    }
    const viewer = this.#viewer;
    if (viewer && viewer.expiresAt <= Date.now())
      throw apiError('UNAUTHENTICATED', {}, 'The token of this socket has expired.');
    const { address } = this.#wire;
    const admitted = this.#options.rateLimit.admit({ viewer, address, transport: 'websocket' });
    const atLeast = readConsistencyToken(extensions?.['consistencyToken'] ?? this.#atLeast);
    return { ...admitted, atLeast };
  }

  #refuse(id: string, errors: readonly GraphQLError[]): void {
    this.#forget(id);
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

/** Rejects where the result cannot be put into JSON. */
async function answer(outlet: Outlet, run: () => Promise<ExecutionResult>): Promise<void> {
  outlet.next(new SharedResult(await run()));
  outlet.complete();
}
