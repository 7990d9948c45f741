import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import type { Viewer } from '../domain/viewer.ts';
import { RefusedRequest, sendError } from './answer.ts';
import { authenticate } from './auth.ts';
import { CONSISTENCY_HEADER, readConsistencyToken } from './consistency.ts';
import type { Caller, OperationSource, Transport } from './operation-source.ts';
import type { OriginCheck } from './origins.ts';
import type { RateLimit } from './rate-limit.ts';
import type { VerifyToken } from './tokens.ts';

export interface AdmissionOptions {
  readonly verify: VerifyToken;
  readonly isAllowedOrigin: OriginCheck;
  readonly rateLimit: RateLimit;
}

/** The header that names a single connection. Source: graphql-sse. */
export const STREAM_TOKEN_HEADER = 'x-graphql-event-stream-token';

const REQUEST_HEADERS = [
  'authorization',
  'content-type',
  'last-event-id',
  CONSISTENCY_HEADER,
  STREAM_TOKEN_HEADER,
];

/** How long a refused client may go on sending its body: long enough to read why it was refused. */
const UNREAD_BODY_MS = 1_000;

export interface Admission {
  /** Checks the page that asks and the method; true when that was all there is to answer. */
  greet(request: IncomingMessage, response: ServerResponse, methods: readonly string[]): boolean;
  /** Whom the request's token names; a bad one costs a point and throws UNAUTHENTICATED. */
  viewerOf(request: IncomingMessage, address: string): Promise<Viewer | null>;
  /** Authenticates and takes the first point. */
  admit(request: IncomingMessage, address: string, transport: Transport): Promise<OperationSource>;
}

/** What every GraphQL request over HTTP passes, cheapest check first. */
export function createAdmission(options: AdmissionOptions): Admission {
  const { verify, isAllowedOrigin, rateLimit } = options;

  function viewerOf(request: IncomingMessage, caller: Caller): Promise<Viewer | null> {
    return authenticate(verify, request.headers.authorization).catch((error: unknown) => {
      rateLimit.admit(caller);
      throw error;
    });
  }

  return {
    greet: (request, response, methods) => {
      if (!isAllowedOrigin(request))
        throw new RefusedRequest(403, 'FORBIDDEN_ORIGIN', 'This origin is not allowed.');
      allowCrossOrigin(request, response, methods);
      if (request.method === 'OPTIONS') {
        response.writeHead(204).end();
        return true;
      }
      assertMethodAndType(request, methods);
      return false;
    },
    viewerOf: (request, address) => viewerOf(request, { viewer: null, address, transport: 'sse' }),
    admit: async (request, address, transport) => {
      const caller: Caller = { viewer: null, address, transport };
      const viewer = await viewerOf(request, caller);
      const admitted = rateLimit.admit({ ...caller, viewer });
      const atLeast = readConsistencyToken(request.headers[CONSISTENCY_HEADER]);
      return { ...admitted, atLeast };
    },
  };
}

/** Answers a request that was refused; what is no refusal is thrown again. */
export function refuseRequest(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  if (!request.complete) setTimeout(() => request.destroy(), UNREAD_BODY_MS).unref();
  if (error instanceof RefusedRequest) sendError(response, error.status, error.toGraphQL());
  else if (error instanceof GraphQLError) {
    const { http } = error.extensions;
    sendError(response, http?.status ?? 400, error);
  } else throw error;
}

/** Answers to an allowed foreign origin say so; a same-origin page needs no header. */
function allowCrossOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  methods: readonly string[],
): void {
  const { origin } = request.headers;
  response.setHeader('vary', 'origin');
  if (origin === undefined) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-methods', methods.join(', '));
  response.setHeader('access-control-allow-headers', REQUEST_HEADERS.join(', '));
  response.setHeader('access-control-max-age', '600');
}

function assertMethodAndType(
  { method = '', headers }: IncomingMessage,
  methods: readonly string[],
): void {
  if (!methods.includes(method)) {
    const allow = methods.join(', ');
    throw new RefusedRequest(405, 'METHOD_NOT_ALLOWED', `Use one of ${allow}.`, { allow });
  }
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (method === 'POST' && type !== 'application/json') {
    throw new RefusedRequest(415, 'UNSUPPORTED_MEDIA_TYPE', 'The body must be application/json.');
  }
}
