import type { ExecutionArgs, GraphQLError, GraphQLFormattedError } from 'graphql';
import {
  CloseCode,
  makeServer,
  type Context,
  type Server,
  type SubscribePayload,
} from 'graphql-ws';
import type { Viewer } from '../domain/viewer.ts';
import { apiError } from '../graphql/errors.ts';
import { authenticate } from './auth.ts';
import { CONSISTENCY_HEADER, readConsistencyToken } from './consistency.ts';
import type { MaskError } from './masking.ts';
import type { RateLimit } from './rate-limit.ts';
import type { VerifyToken } from './tokens.ts';
import type { Engine } from './yoga.ts';

/** Sockets that say nothing are closed with 4408 after this. */
const INIT_TIMEOUT_MS = 8_000;
const MAX_OPERATIONS_PER_SOCKET = 149;

/** What is known of a socket; `viewer` once it has said who it is. */
export interface SocketState {
  readonly address: string;
  /** Aborted when the socket has closed. */
  readonly signal: AbortSignal;
  viewer: Viewer | null;
}

/** Closes the socket with its own code; any other error closes it with 4500. */
export class CloseSocket extends Error {
  override readonly name = 'CloseSocket';
  readonly code: number;

  constructor(code: number, reason: string) {
    super(reason);
    this.code = code;
  }
}

export interface ProtocolOptions {
  readonly engine: Engine;
  readonly verify: VerifyToken;
  readonly rateLimit: RateLimit;
  readonly mask: MaskError;
}

type Socket = Context<Record<string, unknown> | undefined, SocketState>;

/** Operations as Yoga's envelope runs them: with every plugin that HTTP operations meet. */
interface EnvelopedArgs extends ExecutionArgs {
  readonly rootValue: Pick<ReturnType<Engine['getEnveloped']>, 'execute' | 'subscribe'>;
}

/** graphql-transport-ws, as far as it is not the library's: who asks, what may be asked, how it is run. */
export function createProtocol({
  engine,
  verify,
  rateLimit,
  mask,
}: ProtocolOptions): Server<SocketState> {
  async function prepare(
    socket: Socket,
    payload: SubscribePayload,
  ): Promise<EnvelopedArgs | readonly GraphQLError[]> {
    assertRoom(socket);
    assertValidToken(socket.extra.viewer);
    const admitted = rateLimit.admit({ ...socket.extra, transport: 'websocket' });
    const atLeast = readConsistencyToken(consistencyOf(socket, payload));
    const source = { ...admitted, atLeast };
    const { parse, validate, schema, contextFactory, execute, subscribe } = engine.getEnveloped({
      source,
    });
    const document = parse(payload.query);
    const errors = validate(schema, document);
    if (errors.length > 0) return errors as readonly GraphQLError[];
    return {
      schema,
      document,
      operationName: payload.operationName ?? null,
      variableValues: payload.variables ?? null,
      contextValue: await contextFactory(),
      rootValue: { execute, subscribe },
    };
  }

  return makeServer<Record<string, unknown> | undefined, SocketState>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: async (socket) => {
      try {
        socket.extra.viewer = await authenticate(
          verify,
          socket.connectionParams?.['authorization'],
        );
      } catch {
        throw new CloseSocket(CloseCode.Unauthorized, 'Unauthorized');
      }
    },
    onSubscribe: async (socket, _id, payload) => {
      try {
        return await prepare(socket, payload);
      } catch (error) {
        return [mask(error)];
      }
    },
    execute: (args) => (args as EnvelopedArgs).rootValue.execute(args),
    subscribe: (args) => (args as EnvelopedArgs).rootValue.subscribe(args),
    onError: (_socket, _id, _payload, errors) => errors.map((error) => withoutHttp(mask(error))),
    onNext: (_socket, _id, _payload, _args, { errors, data, extensions }) => ({
      ...(data === undefined ? {} : { data }),
      ...(errors && { errors: errors.map(withoutHttp) }),
      ...(extensions && { extensions }),
    }),
  });
}

/** The operation's own `extensions.consistencyToken`, else what the socket began with. */
function consistencyOf(socket: Socket, { extensions }: SubscribePayload): unknown {
  return extensions?.['consistencyToken'] ?? socket.connectionParams?.[CONSISTENCY_HEADER];
}

function assertRoom(socket: Socket): void {
  if (Object.keys(socket.subscriptions).length <= MAX_OPERATIONS_PER_SOCKET) return;
  const message = `A socket carries at most ${MAX_OPERATIONS_PER_SOCKET} operations at once.`;
  throw apiError('THROTTLED', { limit: MAX_OPERATIONS_PER_SOCKET }, message);
}

function assertValidToken(viewer: Viewer | null): void {
  if (viewer && viewer.expiresAt <= Date.now())
    throw apiError('UNAUTHENTICATED', {}, 'The token of this socket has expired.');
}

/** The hint for an HTTP status means nothing here. */
function withoutHttp(error: GraphQLError): GraphQLFormattedError {
  const { extensions, ...rest } = error.toJSON();
  const { http: _http, ...told } = extensions ?? {};
  return { ...rest, extensions: told };
}
