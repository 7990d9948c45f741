import { randomUUID } from 'node:crypto';
import { HOUR_MS, MINUTE_MS, toIso } from '../../src/domain/time.ts';
import type { TokenRole } from '../../src/domain/viewer.ts';
import { signToken } from '../../src/server/tokens.ts';
import { startEdgebook, type TestEdgebook } from '../support/edgebook.ts';
import { createSeededFolder } from '../support/seeded-database.ts';
import { DOORS, fieldOf, type Answer } from './doors.ts';
import { isTheDemos } from './renter.ts';

const TOKEN_RULES = { secret: 's'.repeat(32), issuer: 'edgebook', audience: 'edgebook' };

/** Somebody who knows the schema and nothing else, at a node of his own with the demo catalogue. */
export interface Stranger {
  readonly node: TestEdgebook;
  /** Over POST; a role stands for its development account. */
  ask(query: string, variables?: object, as?: TokenRole | Token): Promise<Answer>;
  /** One mutation with a fresh idempotency key where it takes one; gives the union's member. */
  mutate(name: string, input: object, as?: TokenRole | Token): Promise<Member>;
  /** Valid for an hour unless the test says otherwise. */
  token(role: TokenRole, account?: string, expiresInMs?: number): Promise<Token>;
  /** Free units that the demo market leaves alone, cheapest first. */
  readonly units: readonly KnownUnit[];
  /** Ends the node; what it logged of bugs, which should be nothing. */
  stop(): Promise<string[]>;
}

export interface Token {
  readonly token: string;
}

export interface KnownUnit {
  readonly id: string;
  readonly gpuCount: number;
  readonly version: number;
  readonly gpuType: { readonly slug: string };
  readonly region: { readonly code: string };
  readonly provider: { readonly id: string; readonly slug: string };
  readonly offer: { readonly usdPerGpuHour: string };
}

export type Member = Readonly<Record<string, unknown>> & { readonly __typename: string };

const UNITS = `{ gpus(first: 100, filter: { status: [AVAILABLE] }) { nodes {
  id name gpuCount version gpuType { slug } region { code } provider { id slug } offer { usdPerGpuHour }
} } }`;
const KEYLESS = new Set(['setGpuStatus', 'setProviderStatus', 'updatePricing', 'invalidateCache']);

/** All that a member of any result union may tell of what happened. */
const TOLD = `__typename
  ... on UserError { message code path retryable }
  ... on InvalidInputError { constraint }`;

/** Starts a node without limits of rate, so that only what is asked for is refused. */
export async function startStranger(env: Readonly<Record<string, string>> = {}): Promise<Stranger> {
  const folder = await createSeededFolder();
  const node = await startEdgebook({
    DATA_DIR: folder.dataDir,
    DEMO_MARKET: 'true',
    RATE_LIMIT: 'off',
    AUTH_JWT_SECRET: TOKEN_RULES.secret,
    ...env,
  });
  void node.ended.then(() => folder.remove());
  const token: Stranger['token'] = async (
    role,
    account = `stranger-${role.toLowerCase()}`,
    expiresInMs = HOUR_MS,
  ) => ({ token: await signToken(TOKEN_RULES, { account, role, expiresInMs }) });
  const ask: Stranger['ask'] = async (query, variables = {}, as) => {
    const bearer = typeof as === 'string' ? await token(as) : as;
    return DOORS.POST(node, { query, variables: { ...variables }, token: bearer?.token ?? null });
  };
  const mutate: Stranger['mutate'] = async (name, input, as) => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { result: ${name}(input: $input) { ${TOLD} ${SUCCESS[name] ?? ''} } }`;
    const key = KEYLESS.has(name) ? {} : { idempotencyKey: randomUUID() };
    return fieldOf(await ask(query, { input: { ...key, ...input } }, as), 'result') as Member;
  };
  const { nodes } = fieldOf(await ask(UNITS), 'gpus') as {
    nodes: (KnownUnit & { name: string })[];
  };
  return {
    node,
    ask,
    mutate,
    token,
    units: nodes.filter(({ name }) => !isTheDemos(name)),
    stop: async () => {
      await node.stop();
      return node.output().match(/.*(unexpectedly|unhandled|FATAL|ERROR).*/gi) ?? [];
    },
  };
}

const BOOKING =
  'booking { id status version usdPerGpuHour totalUsd refundedUsd holdExpiresAt period { start end } }';

/** What a success is asked for. */
const SUCCESS: Readonly<Record<string, string>> = {
  holdGpu: `... on HoldGpuSuccess { replayed ${BOOKING} }`,
  createBooking: `... on CreateBookingSuccess { replayed ${BOOKING} }
    ... on PriceChangedError { quotedUsdPerGpuHour currentUsdPerGpuHour newQuote { id usdPerGpuHour } }
    ... on VersionConflictError { currentVersion }
    ... on StateConflictError { currentStatus }
    ... on GpuUnavailableError { conflictingUntil nextFreeWindow { start end } alternatives { id } }`,
  cancelBooking: `... on CancelBookingSuccess { replayed feeUsd refundUsd ${BOOKING} }
    ... on StateConflictError { currentStatus }
    ... on PriceChangedError { quotedUsdPerGpuHour currentUsdPerGpuHour }`,
  extendBooking: `... on ExtendBookingSuccess { replayed additionalUsd ${BOOKING} }`,
  placeOrder: `... on PlaceOrderSuccess { replayed order { id status filledQuantity }
    fills { id gpuHours } bookings { id order { id } } }`,
  cancelOrder: `... on CancelOrderSuccess { replayed order { id status } }
    ... on StateConflictError { currentStatus }`,
  upsertOffer: '... on UpsertOfferSuccess { offer { mode usdPerGpuHour status version } }',
  setGpuStatus:
    '... on SetGpuStatusSuccess { gpu { status version } } ... on ForbiddenError { requires }',
  setProviderStatus:
    '... on SetProviderStatusSuccess { affectedGpus provider { status } } ... on ForbiddenError { requires }',
  updatePricing: '... on UpdatePricingSuccess { previousUsdPerGpuHour price { usdPerGpuHour } }',
  invalidateCache: '... on InvalidateCacheSuccess { event { eventType } }',
};

/** A window that starts `inMs` after the running minute. */
export function windowFrom(inMs: number, lengthMs = HOUR_MS): { start: string; end: string } {
  const start = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS + inMs;
  return { start: toIso(start), end: toIso(start + lengthMs) };
}

/** Relay ids that this API never issued for anything that exists. */
export function idOf(type: string, rawId: string): string {
  return Buffer.from(`${type}:${rawId}`).toString('base64url');
}

export const NOBODYS_UUID = '00000000-0000-4000-8000-000000000000';
