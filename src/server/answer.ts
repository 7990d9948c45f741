import type { ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';

/** Headers of every answer of ours. */
export function setSecurityHeaders(response: ServerResponse): void {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('cross-origin-resource-policy', 'same-site');
}

export function sendText(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** A refusal in GraphQL's own shape, so that every client can show it. */
export function sendError(response: ServerResponse, status: number, error: GraphQLError): void {
  const { http, ...extensions } = error.extensions;
  const body = JSON.stringify({ errors: [{ message: error.message, extensions }] });
  for (const [name, value] of Object.entries(
    (http as { headers?: Record<string, string> })?.headers ?? {},
  )) {
    response.setHeader(name, value);
  }
  response.setHeader('cache-control', 'no-store');
  sendText(response, status, 'application/json; charset=utf-8', body);
}

/** A request that is refused before it is an operation. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  toGraphQL(): GraphQLError {
    const { code, headers, message } = this;
    return new GraphQLError(message, { extensions: { code, retryable: false, http: { headers } } });
  }
}
