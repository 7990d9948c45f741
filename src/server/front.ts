import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { Logger } from '../domain/logger.ts';
import { RefusedRequest, sendError, sendText, setSecurityHeaders } from './answer.ts';
import type { ClientAddresses } from './client-address.ts';
import type { Graphiql } from './graphiql.ts';
import type { Route } from './graphql-route.ts';
import type { Readiness } from './readiness.ts';

export const GRAPHQL_PATH = '/graphql';
/** One connection for all subscriptions of a page. */
export const STREAM_PATH = '/graphql/stream';

/** Everything else than GraphQL is only ever read. */
const READ_ONLY_PATH = /^\/(healthz|readyz|metrics|graphiql\/[\w.-]+)$/;

const TEXT = 'text/plain; charset=utf-8';

export interface FrontOptions {
  readonly addresses: ClientAddresses;
  readonly readiness: Readiness;
  readonly registry: Registry;
  /** Null in production. */
  readonly graphiql: Graphiql | null;
  readonly graphql: Route;
  /** Of {@link STREAM_PATH}. */
  readonly stream: Route;
  readonly log: Logger;
}

/** The first code that sees an HTTP request: who may come, and to which room. */
export function createFront(options: FrontOptions): RequestListener {
  const { addresses, readiness, registry, graphiql, graphql, stream, log } = options;

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = addresses.addressOf(request);
    if (!addresses.isAllowed(address))
      throw new RefusedRequest(403, 'FORBIDDEN_ADDRESS', 'This address is not allowed.');
    const path = pathOf(request);
    if (path === GRAPHQL_PATH) {
      if (graphiql?.isAsked(request)) await graphiql.page(request, response);
      else await graphql(request, response, address);
      return;
    }
    if (path === STREAM_PATH) {
      await stream(request, response, address);
      return;
    }
    if (!READ_ONLY_PATH.test(path)) throw notFound();
    assertReadOnly(request);
    if (path === '/healthz') sendText(response, 200, TEXT, 'ok\n');
    else if (path === '/readyz') sendReadiness(response, readiness.reason());
    else if (path === '/metrics')
      sendText(response, 200, registry.contentType, await registry.metrics());
    else if (!(await graphiql?.asset(path, request, response))) throw notFound();
  }

  return (request, response) => {
    setSecurityHeaders(response);
    if (readiness.reason() === 'draining') response.setHeader('connection', 'close');
    route(request, response).catch((error: unknown) => {
      if (error instanceof RefusedRequest)
        return sendError(response, error.status, error.toGraphQL());
      log.error({ err: error, path: pathOf(request) }, 'a request failed unexpectedly');
      if (response.headersSent) return response.destroy();
      return sendError(
        response,
        500,
        new RefusedRequest(500, 'INTERNAL_SERVER_ERROR', 'Something went wrong.').toGraphQL(),
      );
    });
  };
}

/** The path of a request, `/` for what is no URL at all. */
export function pathOf({ url }: IncomingMessage): string {
  return url?.split('?', 1)[0] ?? '/';
}

function assertReadOnly({ method }: IncomingMessage): void {
  if (method === 'GET' || method === 'HEAD') return;
  throw new RefusedRequest(405, 'METHOD_NOT_ALLOWED', 'Use GET.', { allow: 'GET, HEAD' });
}

function sendReadiness(response: ServerResponse, reason: string | null): void {
  response.setHeader('cache-control', 'no-store');
  sendText(response, reason === null ? 200 : 503, TEXT, `${reason ?? 'ready'}\n`);
}

function notFound(): RefusedRequest {
  return new RefusedRequest(404, 'NOT_FOUND', 'There is nothing at this path.');
}
