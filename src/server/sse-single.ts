import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult, GraphQLError } from 'graphql';
import { refuseRequest, STREAM_TOKEN_HEADER, type Admission } from './admission.ts';
import { RefusedRequest, sendText } from './answer.ts';
import {
  MAX_ID_LENGTH,
  MAX_OPERATIONS_PER_CONNECTION,
  tooManyOperations,
  tooMuchUnread,
} from './connection-limits.ts';
import type { Route } from './graphql-route.ts';
import type { Outlet } from './live-groups/outlet.ts';
import { encodeResult, SharedResult } from './live-groups/shared-result.ts';
import type { Metrics } from './metrics.ts';
import { toOperationParams, type OperationParams } from './operation-params.ts';
import { readBody } from './read-body.ts';
import { Reservations, type Reservation, type StreamedOperation } from './reservations.ts';
import type { SseOptions } from './sse-distinct.ts';

export interface SingleSseOptions extends SseOptions {
  readonly admission: Admission;
  readonly metrics: Metrics;
}

export interface SingleSse {
  readonly route: Route;
  /** Ends every connection. */
  stop(): void;
}

/** An operation is started on no connection that has more than this to read. */
const MAX_UNREAD_BYTES = 1_000_000;

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];
const TEXT = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * graphql-sse's single connection on `/graphql/stream`: PUT reserves it, a request that accepts a
 * stream opens it, POST starts an operation on it and DELETE ends one.
 */
export function createSingleSse(options: SingleSseOptions): SingleSse {
  const { admission, limits, metrics, prepare, live } = options;
  const reservations = new Reservations();

  async function reserve(
    request: IncomingMessage,
    response: ServerResponse,
    address: string,
  ): Promise<void> {
    const source = await admission.admit(request, address, 'sse');
    const leave = limits.openStream(source);
    sendText(response, 201, TEXT, reservations.reserve(source.viewer, leave).token);
  }

  /** The connection that the request names, of the account that the request proves to be. */
  function reservationOf(request: IncomingMessage, accountId: string | null): Reservation {
    const reservation = reservations.find(tokenOf(request));
    if (!reservation) throw new RefusedRequest(404, 'NOT_FOUND', 'There is no such stream.');
    if (reservation.accountId !== accountId)
      throw new RefusedRequest(403, 'FORBIDDEN_STREAM', 'Another account reserved this stream.');
    return reservation;
  }

  /** A browser's EventSource can send no header: the secret of the reservation opens it. */
  async function open(
    request: IncomingMessage,
    response: ServerResponse,
    address: string,
  ): Promise<void> {
    const viewer = await admission.viewerOf(request, address);
    // Gone while its token was looked at: the reservation waits for another connection.
    if (response.destroyed) return;
    const known = reservations.find(tokenOf(request));
    const reservation = reservationOf(request, viewer?.accountId ?? known?.accountId ?? null);
    if (reservation.isOpen) throw new RefusedRequest(409, 'CONFLICT', 'This stream is open.');
    reservation.open(response);
  }

  async function start(
    request: IncomingMessage,
    response: ServerResponse,
    address: string,
  ): Promise<void> {
    const source = await admission.admit(request, address, 'sse');
    const params = toOperationParams(await readBody(request));
    if (!params) throw new RefusedRequest(400, 'BAD_REQUEST', 'The body is no operation.');
    const reservation = reservationOf(request, source.viewer?.accountId ?? null);
    const id = newOperationId(reservation, params);
    assertRoom(reservation);
    const prepared = prepare(source, params);
    if (prepared.kind === 'refused') return sendErrors(response, prepared.errors);
    const running: StreamedOperation = { leave: null };
    reservation.operations.set(id, running);
    response.writeHead(202).end();
    const outlet = outletOf(reservation, id, running);
    if (prepared.kind === 'answer') return finish(outlet, await prepared.run());
    running.leave = live.subscribe(prepared.operation, outlet);
    return undefined;
  }

  function assertRoom({ operations, bytes }: Reservation): void {
    if (operations.size >= MAX_OPERATIONS_PER_CONNECTION) {
      metrics.refused('sse', 'operations');
      throw tooManyOperations();
    }
    if (bytes > MAX_UNREAD_BYTES) {
      metrics.refused('sse', 'unread');
      throw tooMuchUnread();
    }
  }

  async function stopOne(
    request: IncomingMessage,
    response: ServerResponse,
    address: string,
  ): Promise<void> {
    const viewer = await admission.viewerOf(request, address);
    const reservation = reservationOf(request, viewer?.accountId ?? null);
    const id = parametersOf(request).get('operationId') ?? '';
    if (id === '') throw missingId();
    reservation.operations.get(id)?.leave?.();
    reservation.operations.delete(id);
    response.writeHead(200).end();
  }

  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    address: string,
  ): Promise<void> {
    if (admission.greet(request, response, METHODS)) return;
    if (request.method === 'PUT') await reserve(request, response, address);
    else if (request.method === 'DELETE') await stopOne(request, response, address);
    else if (acceptsStream(request)) await open(request, response, address);
    else if (request.method === 'POST') await start(request, response, address);
    else throw new RefusedRequest(406, 'NOT_ACCEPTABLE', 'Accept `text/event-stream`.');
  }

  return {
    route: (request, response, address) =>
      serve(request, response, address).catch((error: unknown) =>
        refuseRequest(request, response, error),
      ),
    stop: () => reservations.stop(),
  };
}

/** What is written to an operation that its client has ended goes nowhere. */
function outletOf(reservation: Reservation, id: string, running: StreamedOperation): Outlet {
  const isWanted = (): boolean => reservation.operations.get(id) === running;
  const name = JSON.stringify(id);
  return {
    transport: 'sse',
    pressure: reservation,
    next: ({ json }) => {
      if (isWanted()) reservation.write(`event: next\ndata: {"id":${name},"payload":${json}}\n\n`);
    },
    complete: () => {
      if (!isWanted()) return;
      reservation.operations.delete(id);
      reservation.write(`event: complete\ndata: {"id":${name}}\n\n`);
    },
  };
}

function finish(outlet: Outlet, result: ExecutionResult): void {
  outlet.next(new SharedResult(result));
  outlet.complete();
}

function missingId(): RefusedRequest {
  const message = `\`operationId\` must be a text of 1 to ${MAX_ID_LENGTH} characters.`;
  return new RefusedRequest(400, 'BAD_REQUEST', message);
}

/** An operation that is not run is answered at once, as any request would be. */
function sendErrors(response: ServerResponse, errors: readonly GraphQLError[]): void {
  const [first] = errors;
  const status = first?.extensions.http?.status ?? 400;
  response.setHeader('cache-control', 'no-store');
  sendText(response, status, JSON_TYPE, encodeResult({ errors }));
}

function newOperationId({ operations }: Reservation, { extensions }: OperationParams): string {
  const id = extensions?.['operationId'];
  if (typeof id !== 'string' || id === '' || id.length > MAX_ID_LENGTH) throw missingId();
  if (operations.has(id))
    throw new RefusedRequest(409, 'CONFLICT', 'An operation with this id is under way.');
  return id;
}

function acceptsStream({ headers }: IncomingMessage): boolean {
  return headers.accept?.includes('text/event-stream') ?? false;
}

function parametersOf({ url = '' }: IncomingMessage): URLSearchParams {
  return new URLSearchParams(url.slice(url.indexOf('?') + 1));
}

function tokenOf(request: IncomingMessage): string {
  const token = request.headers[STREAM_TOKEN_HEADER];
  return typeof token === 'string' ? token : (parametersOf(request).get('token') ?? '');
}
