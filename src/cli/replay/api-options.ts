import { InvalidArgumentError, type Command } from 'commander';
import { createGraphqlClient, type GraphqlClient } from '../../client/graphql-client.ts';

/** How a replay reaches the system: like any client. */
export interface ApiOptions {
  readonly url: URL;
  readonly token: string;
  /** Times real time; 0 = as fast as the server answers. */
  readonly speed: number;
}

const DEFAULT_URL = new URL('http://127.0.0.1:4000/graphql');

/** Adds `--url`, `--token` and `--speed`. */
export function withApiOptions(command: Command): Command {
  return command
    .option('--url <url>', 'the GraphQL endpoint', parseUrl, DEFAULT_URL)
    .requiredOption('--token <jwt>', 'a bearer token; `edgebook token` makes one')
    .option('--speed <times>', 'times real time; 0 = as fast as the server answers', parseSpeed, 0);
}

export function connect({ url, token }: ApiOptions): GraphqlClient {
  return createGraphqlClient({ url: url.href, token });
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new InvalidArgumentError('It must be an http:// or https:// URL.');
}

function parseSpeed(text: string): number {
  const speed = /^\d{1,9}(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(speed)) return speed;
  throw new InvalidArgumentError('It must be a number of 0 or more.');
}
