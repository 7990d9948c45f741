import { readServerSentEvents } from './server-sent-events.ts';

/** A document with the types of its answer and variables, as codegen makes them. */
export interface TypedDocument<Result, Variables> {
  toString(): string;
  readonly __apiType?: (variables: Variables) => Result;
}

export interface GraphqlClientOptions {
  /** Of the GraphQL endpoint, e.g. `http://127.0.0.1:4000/graphql`. */
  readonly url: string;
  /** A bearer token; null = nobody. */
  readonly token: string | null;
  readonly timeoutMs?: number;
}

/** A small typed client of the public API over HTTP: requests as JSON, subscriptions as SSE. */
export interface GraphqlClient {
  /** Gives `data`; throws {@link GraphqlRequestError} when the answer has errors or is no answer. */
  execute<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
  ): Promise<Result>;
  /** Gives the `data` of every event until the server completes, the signal aborts or the loop ends. */
  subscribe<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    signal: AbortSignal,
  ): AsyncGenerator<Result>;
}

/** Why an operation failed, as the server says it. */
export interface GraphqlFailure {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly retryAfterMs?: number };
}

/** What a server says to an operation, or as one event of a subscription. */
export interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly GraphqlFailure[];
}

/** The request got no `data`: the API's top-level error, or NETWORK when there was no answer at all. */
export class GraphqlRequestError extends Error {
  override readonly name = 'GraphqlRequestError';
  readonly code: string;
  /** When to try again; null when the server did not say. */
  readonly retryAfterMs: number | null;

  constructor(code: string, message: string, retryAfterMs: number | null = null, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

const DEFAULT_TIMEOUT_MS = 30_000;

export function createGraphqlClient(options: GraphqlClientOptions): GraphqlClient {
  const { url, token, timeoutMs = DEFAULT_TIMEOUT_MS } = options;

  async function send(body: object, accept: string, signal: AbortSignal): Promise<Response> {
    const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
    const headers = { 'content-type': 'application/json', accept, ...authorization };
    try {
      return await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal });
    } catch (cause) {
      throw new GraphqlRequestError('NETWORK', `${url} does not answer.`, null, cause);
    }
  }

  return {
    execute: async <Result, Variables>(
      document: TypedDocument<Result, Variables>,
      variables: Variables,
    ) => {
      const body = { query: document.toString(), variables };
      const response = await send(body, 'application/json', AbortSignal.timeout(timeoutMs));
      return dataOf(await answerOf(response)) as Result;
    },
    subscribe: async function* <Result, Variables>(
      document: TypedDocument<Result, Variables>,
      variables: Variables,
      signal: AbortSignal,
    ) {
      const body = { query: document.toString(), variables };
      const response = await send(body, 'text/event-stream', signal);
      const type = response.headers.get('content-type') ?? '';
      if (!response.body || !type.startsWith('text/event-stream')) {
        dataOf(await answerOf(response));
        throw new GraphqlRequestError('NETWORK', `${url} did not open a stream.`);
      }
      try {
        for await (const { event, data } of readServerSentEvents(response.body)) {
          if (event === 'complete') return;
          if (event === 'next') yield dataOf(JSON.parse(data) as GraphqlAnswer) as Result;
        }
      } catch (cause) {
        if (signal.aborted || cause instanceof GraphqlRequestError) throw cause;
        throw new GraphqlRequestError('NETWORK', `${url} broke the stream off.`, null, cause);
      }
    },
  };
}

async function answerOf(response: Response): Promise<GraphqlAnswer> {
  const text = await response.text().catch(() => '');
  try {
    return JSON.parse(text) as GraphqlAnswer;
  } catch (cause) {
    throw new GraphqlRequestError(
      'NETWORK',
      `The answer (HTTP ${response.status}) is no JSON.`,
      null,
      cause,
    );
  }
}

/** The answer's `data`; throws {@link GraphqlRequestError} when there are errors or no data. */
export function dataOf({ data, errors = [] }: GraphqlAnswer): unknown {
  if (errors.length > 0 || !data) throw errorOf(errors);
  return data;
}

/** The first of the failures, or that there is none where `data` is missing. */
export function errorOf([failure]: readonly GraphqlFailure[]): GraphqlRequestError {
  if (!failure)
    return new GraphqlRequestError('UNKNOWN', 'The answer has neither data nor errors.');
  const { code = 'UNKNOWN', retryAfterMs = null } = failure.extensions ?? {};
  return new GraphqlRequestError(code, failure.message, retryAfterMs);
}
