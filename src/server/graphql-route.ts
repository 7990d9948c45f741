import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import { RefusedRequest, sendError } from './answer.ts';
import { authenticate } from './auth.ts';
import { CONSISTENCY_HEADER, readConsistencyToken } from './consistency.ts';
import type { Caller, Transport } from './operation-source.ts';
import type { OriginCheck } from './origins.ts';
import type { RateLimit } from './rate-limit.ts';
import { assertReadableUrl, readBody } from './read-body.ts';
import type { VerifyToken } from './tokens.ts';
import type { Engine } from './yoga.ts';

export interface GraphqlRouteOptions {
  readonly engine: Engine;
  readonly verify: VerifyToken;
  readonly isAllowedOrigin: OriginCheck;
  readonly rateLimit: RateLimit;
}

/** How long a refused client may go on sending its body: long enough to read why it was refused. */
const UNREAD_BODY_MS = 1_000;

type Route = (request: IncomingMessage, response: ServerResponse, address: string) => Promise<void>;

/**
 * `/graphql` over HTTP: everything that can be refused cheaply is refused here, in the order of its
 * price, before Yoga sees the request.
 */
export function createGraphqlRoute({
  engine,
  verify,
  isAllowedOrigin,
  rateLimit,
}: GraphqlRouteOptions): Route {
  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    address: string,
  ): Promise<void> {
    if (!isAllowedOrigin(request))
      throw new RefusedRequest(403, 'FORBIDDEN_ORIGIN', 'This origin is not allowed.');
    allowCrossOrigin(request, response);
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    assertMethodAndType(request);
    const caller = toCaller(request, response, address);
    const viewer = await authenticate(verify, request.headers.authorization).catch(
      (error: unknown) => {
        rateLimit.admit(caller);
        throw error;
      },
    );
    const admitted = rateLimit.admit({ ...caller, viewer });
    const atLeast = readConsistencyToken(request.headers[CONSISTENCY_HEADER]);
    if (request.method === 'GET') assertReadableUrl(request);
    else Object.assign(request, { body: await readBody(request) });
    await engine(request, response, { source: { ...admitted, atLeast } });
  }
  return (request, response, address) =>
    serve(request, response, address).catch((error: unknown) => refuse(request, response, error));
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
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
function allowCrossOrigin(request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers;
  response.setHeader('vary', 'origin');
  if (origin === undefined) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-methods', 'GET, POST');
  response.setHeader(
    'access-control-allow-headers',
    `authorization, content-type, ${CONSISTENCY_HEADER}`,
  );
  response.setHeader('access-control-max-age', '600');
}

function assertMethodAndType({ method, headers }: IncomingMessage): void {
  if (method !== 'GET' && method !== 'POST') {
    throw new RefusedRequest(405, 'METHOD_NOT_ALLOWED', 'Use GET or POST.', { allow: 'GET, POST' });
  }
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (method === 'POST' && type !== 'application/json') {
    throw new RefusedRequest(415, 'UNSUPPORTED_MEDIA_TYPE', 'The body must be application/json.');
  }
}

function toCaller(request: IncomingMessage, response: ServerResponse, address: string): Caller {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return { viewer: null, address, transport: transportOf(request), signal: gone.signal };
}

/** Yoga streams to whoever accepts it, `*` included. */
function transportOf({ headers }: IncomingMessage): Transport {
  const accept = headers.accept ?? '*/*';
  return /text\/(event-stream|\*)|\*\/\*/.test(accept) ? 'sse' : 'http';
}
