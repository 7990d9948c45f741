import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { getOperationAST, Kind, parse, print, separateOperations } from 'graphql';
import type { DocumentNode } from 'graphql';

export interface Graphiql {
  /** Whether a browser asks for the page rather than a client for data. */
  isAsked(request: IncomingMessage): boolean;
  page(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Serves a script, style or worker of the page; false for any other path. */
  asset(path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

interface Asset {
  readonly type: string;
  readonly gzipped: Buffer;
}

const ASSETS = '/graphiql/';
const OPERATIONS = new URL('../../schema/operations/', import.meta.url);
const JAVASCRIPT = 'text/javascript; charset=utf-8';
const FOREVER = 'public, max-age=31536000, immutable';
/** Monaco writes styles while it runs; nothing else may come from elsewhere or be inline. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const compress = promisify(gzip);

/** GraphiQL with nothing from outside. Its 9 MB are read and compressed once, when first asked for. */
export function createGraphiql(): Graphiql {
  let assets: Promise<Map<string, Asset>> | null = null;
  const load = (): Promise<Map<string, Asset>> => (assets ??= loadAssets());
  return {
    isAsked: ({ method, headers }) =>
      method === 'GET' && (headers.accept ?? '').includes('text/html'),
    page: async (_request, response) => {
      const names = [...(await load()).keys()];
      const html = await compress(pageHtml(names));
      response.setHeader('content-security-policy', CONTENT_SECURITY_POLICY);
      send(response, { type: 'text/html; charset=utf-8', gzipped: html }, 'no-cache');
    },
    asset: async (path, _request, response) => {
      if (!path.startsWith(ASSETS)) return false;
      const asset = (await load()).get(path.slice(ASSETS.length));
      if (asset) send(response, asset, FOREVER);
      return asset !== undefined;
    },
  };
}

/** Every browser takes gzip; whoever asks for a page of 9 MB is one. */
function send(response: ServerResponse, { type, gzipped }: Asset, cacheControl: string): void {
  response.writeHead(200, {
    'content-type': type,
    'content-encoding': 'gzip',
    'content-length': gzipped.length,
    'cache-control': cacheControl,
  });
  response.end(gzipped);
}

async function loadAssets(): Promise<Map<string, Asset>> {
  const { css, js, editorWorkerService, graphqlWorker, jsonWorker } =
    await import('@graphql-yoga/render-graphiql/graphiql');
  const files: readonly (readonly [string, string, string])[] = [
    ['graphiql.css', 'text/css; charset=utf-8', css],
    ['graphiql.js', JAVASCRIPT, js],
    ['editor.worker.js', JAVASCRIPT, editorWorkerService],
    ['graphql.worker.js', JAVASCRIPT, graphqlWorker],
    ['json.worker.js', JAVASCRIPT, jsonWorker],
  ];
  const assets = new Map<string, Asset>();
  for (const [name, type, text] of files)
    assets.set(versioned(name, text), { type, gzipped: await compress(text) });
  const start = startScript([...assets.keys()], await exampleTabs());
  return assets.set(versioned('start.js', start), {
    type: JAVASCRIPT,
    gzipped: await compress(start),
  });
}

/** The name changes with the content, so that a browser may keep it for ever. */
function versioned(name: string, content: string): string {
  return `${createHash('sha256').update(content).digest('hex').slice(0, 12)}-${name}`;
}

function pageHtml(names: readonly string[]): string {
  const url = (name: string): string =>
    ASSETS + (names.find((file) => file.endsWith(`-${name}`)) ?? name);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>edgebook GraphiQL</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${url('graphiql.css')}" />
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
    <script src="${url('graphiql.js')}"></script>
    <script src="${url('start.js')}"></script>
  </body>
</html>
`;
}

function startScript(names: readonly string[], tabs: readonly { query: string }[]): string {
  const worker = (name: string): string =>
    ASSETS + (names.find((file) => file.endsWith(`-${name}`)) ?? name);
  const workers = {
    editorWorkerService: worker('editor.worker.js'),
    graphql: worker('graphql.worker.js'),
    json: worker('json.worker.js'),
  };
  const options = {
    title: 'edgebook GraphiQL',
    endpoint: '/graphql',
    subscriptionsProtocol: 'SSE',
    defaultTabs: tabs,
  };
  return `const workers = ${JSON.stringify(workers)};
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (moduleId, label) => workers[label] };
YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), ${JSON.stringify(options)});
`;
}

/** One tab per example, in this order, cut out of `schema/operations`. */
const EXAMPLES = [
  'Gpus',
  'Prices',
  'PriceTicker',
  'AvailabilityChanged',
  'OrderBookUpdated',
  'Quote',
  'CreateBooking',
  'BookingChanged',
  'PlaceOrder',
];

async function exampleTabs(): Promise<{ query: string }[]> {
  const files = (await readdir(OPERATIONS)).filter((name) => name.endsWith('.graphql'));
  const texts = await Promise.all(
    files.toSorted().map((name) => readFile(new URL(name, OPERATIONS), 'utf8')),
  );
  const operations = Object.values(separateOperations(parse(texts.join('\n'))));
  return EXAMPLES.flatMap((name) => {
    const found = operations.find((document) => getOperationAST(document, name));
    return found ? [{ query: print(operationFirst(found)) }] : [];
  });
}

/** What a reader looks for comes before the fragments that it uses. */
function operationFirst(document: DocumentNode): DocumentNode {
  const definitions = [
    ...document.definitions.filter(({ kind }) => kind !== Kind.FRAGMENT_DEFINITION),
    ...document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION),
  ];
  return { ...document, definitions };
}
