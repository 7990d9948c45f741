import { DAY_MS } from '../domain/time.ts';
import type { TokenRole } from '../domain/viewer.ts';
import { signToken, type TokenRules } from './tokens.ts';

const DEVELOPMENT_TOKEN_MS = 30 * DAY_MS;

export interface StartUpFacts {
  /** `http://127.0.0.1:4000` */
  readonly url: string;
  readonly production: boolean;
  readonly database: 'postgres' | 'pglite';
  /** Where the embedded database keeps its data; null = in memory. */
  readonly dataDir: string | null;
  readonly redis: boolean;
  readonly demoMarket: boolean;
  readonly rules: TokenRules;
  /** A provider whose units the PROVIDER token manages; null while there is none. */
  readonly provider: string | null;
}

/** What a person reads who has just started the server: where it is, what it runs on, how to get in. */
export async function startUpText(facts: StartUpFacts): Promise<string> {
  const { url } = facts;
  const lines = [
    `edgebook is ready: ${url}/graphql`,
    '',
    `  GraphQL    ${url}/graphql  (POST, GET, SSE${facts.production ? '' : ', GraphiQL in a browser'})`,
    `  WebSocket  ${url.replace(/^http/, 'ws')}/graphql  (graphql-transport-ws)`,
    `  Health     ${url}/healthz  ${url}/readyz`,
    `  Metrics    ${url}/metrics`,
    `  Database   ${databaseText(facts)}`,
    `  Events     ${facts.redis ? 'Redis' : 'in-process event bus (single node, embedded)'}`,
    ...(facts.demoMarket ? ['  Market     the demo market is moving'] : []),
    ...(await tokenLines(facts)),
  ];
  return `${lines.join('\n')}\n`;
}

function databaseText({ database, dataDir }: StartUpFacts): string {
  if (database === 'postgres') return 'Postgres';
  return `PGlite, embedded, ${dataDir === null ? 'in memory: nothing is kept' : `in ${dataDir}/`}`;
}

/** The same accounts after every start, so that a developer keeps bookings and units. */
async function tokenLines({ production, rules, provider }: StartUpFacts): Promise<string[]> {
  if (production || rules.secret === null) return [];
  const accounts: [TokenRole, string][] = [
    ['RENTER', 'dev-renter'],
    ['PROVIDER', provider ?? 'dev-provider'],
    ['OPERATOR', 'dev-operator'],
  ];
  const lines = await Promise.all(
    accounts.map(async ([role, account]) => {
      const token = await signToken(rules, { account, role, expiresInMs: DEVELOPMENT_TOKEN_MS });
      return `  ${role.padEnd(8)} ${account}\n    ${token}`;
    }),
  );
  return ['', 'Development tokens (authorization: Bearer TOKEN), valid for 30 days:', ...lines];
}
