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

interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly retryAfterMs?: number };
  }[];
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
      for await (const { event, data } of readServerSentEvents(response.body)) {
        if (event === 'complete') return;
        if (event === 'next') yield dataOf(JSON.parse(data) as GraphqlAnswer) as Result;
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

function dataOf(answer: GraphqlAnswer): unknown {
  const [error] = answer.errors ?? [];
  if (error) {
    const { code = 'UNKNOWN', retryAfterMs = null } = error.extensions ?? {};
    throw new GraphqlRequestError(code, error.message, retryAfterMs);
  }
  if (answer.data) return answer.data;
  throw new GraphqlRequestError('UNKNOWN', 'The answer has neither data nor errors.');
}
