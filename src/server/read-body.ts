import type { IncomingMessage } from 'node:http';
import { RefusedRequest } from './answer.ts';

/** A GraphQL request is a document and its variables; more than this is an attack or a mistake. */
export const MAX_BODY_BYTES = 100_000;

/**
 * The JSON object in a request's body. The size is watched while reading, whatever the header says;
 * the rest of a body that is too large is left to be discarded, so that the refusal arrives.
 */
export async function readBody(request: IncomingMessage): Promise<object> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return parse(Buffer.concat(chunks).toString('utf8'));
}

/**
 * The operation in a URL, as the body of a POST would have it. Refuses `variables` and `extensions`
 * that are no JSON: Yoga takes that for a bug of ours.
 */
export function readUrl({ url = '' }: IncomingMessage): object {
  const parameters = new URLSearchParams(url.slice(url.indexOf('?') + 1));
  const json = (name: string): unknown =>
    parseJson(parameters.get(name) || 'null', `\`${name}\` is not valid JSON.`);
  return {
    query: parameters.get('query'),
    operationName: parameters.get('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  };
}

function parseJson(text: string, complaint: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(complaint);
  }
}

function parse(text: string): object {
  const body = parseJson(text, 'The body is not valid JSON.');
  if (Array.isArray(body))
    throw badRequest('Batches are not supported: send one operation per request.');
  if (typeof body !== 'object' || body === null)
    throw badRequest('The body must be a JSON object.');
  if (!('query' in body)) throw badRequest('The body must have a `query`.');
  return body;
}

function badRequest(message: string): RefusedRequest {
  return new RefusedRequest(400, 'BAD_REQUEST', message);
}

function tooLarge(): RefusedRequest {
  const message = `The body is larger than ${MAX_BODY_BYTES} bytes.`;
  return new RefusedRequest(413, 'PAYLOAD_TOO_LARGE', message);
}
