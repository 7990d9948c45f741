import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuseRequest, type Admission } from './admission.ts';
import { toOperationParams } from './operation-params.ts';
import type { Transport } from './operation-source.ts';
import { readBody, readUrl } from './read-body.ts';
import type { DistinctSse } from './sse-distinct.ts';
import type { Engine } from './yoga.ts';

export interface GraphqlRouteOptions {
  readonly engine: Engine;
  readonly admission: Admission;
  readonly sse: DistinctSse;
}

export type Route = (
  request: IncomingMessage,
  response: ServerResponse,
  address: string,
) => Promise<void>;

const METHODS = ['GET', 'POST'];

/**
 * `/graphql` over HTTP: everything that can be refused cheaply is refused here, in the order of its
 * price, before Yoga sees the request. Subscriptions are ours.
 */
export function createGraphqlRoute({ engine, admission, sse }: GraphqlRouteOptions): Route {
  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    address: string,
  ): Promise<void> {
    if (admission.greet(request, response, METHODS)) return;
    const source = await admission.admit(request, address, transportOf(request));
    const body = request.method === 'GET' ? readUrl(request) : await readBody(request);
    const params = source.transport === 'sse' ? toOperationParams(body) : null;
    if (params && sse(request, response, source, params)) return;
    if (request.method === 'POST') Object.assign(request, { body });
    await engine(request, response, { source });
  }
  return (request, response, address) =>
    serve(request, response, address).catch((error: unknown) =>
      refuseRequest(request, response, error),
    );
}

/** Streams go to whoever accepts them, `*` included. */
function transportOf({ headers }: IncomingMessage): Transport {
  const accept = headers.accept ?? '*/*';
  return /text\/(event-stream|\*)|\*\/\*/.test(accept) ? 'sse' : 'http';
}
