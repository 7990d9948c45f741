import {
  buildSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readProjectFile } from '../support/source-files.ts';
import { DOORS } from './doors.ts';
import { idOf, NOBODYS_UUID, startStranger, windowFrom, type Stranger } from './stranger.ts';

/*
 * Whatever the schema takes gets what it should not: each value of the list of its type, in an
 * otherwise good operation. Read from the schema, so that a new argument is swept the day it appears.
 */

/** Stands in many of the values; no answer may repeat it. */
const MARK = 'zqMARKqz';

const TEXTS = ['', MARK, `\0${MARK}`, `\ud800${MARK}`, `';--%_\\"${MARK}`, '😀'.repeat(300)];
const MIXED = [
  ...TEXTS,
  '__proto__',
  'constructor',
  'x'.repeat(50_000),
  5,
  1.5,
  true,
  null,
  [],
  {},
];
const encode = (text: string): string => Buffer.from(text).toString('base64url');
const IDS = [
  'Gpu:a/b/c',
  'Gpu:\0',
  'Provider:nope',
  'Account:é',
  'Region:constructor',
  'Nope:x',
  ':',
];
const UUIDS = ['Booking', 'Quote', 'Account', 'Order', 'Fill'].map(
  (type) => `${type}:${NOBODYS_UUID}`,
);
const CURSORS = [
  '[]',
  'null',
  '["gpus USD_PER_GPU_HOUR ASC","1e400","x"]',
  '["bookings","1","x"]',
  `["bookings","99999999999999","${NOBODYS_UUID}"]`,
  `["orders","99999999999999","${NOBODYS_UUID}"]`,
  '["orders","1","x"]',
  '["fills","x"]',
  '["providers","\\u0000"]',
];
const INSTANTS = ['1970-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'];
const NO_INSTANTS = [
  '9999-12-31T23:59:59-23:59',
  '0000-01-01T00:00:00Z',
  '',
  MARK,
  '2026-02-30T00:00:00Z',
  '2026-11-23',
  '2026-11-23T00:00:00',
  0,
  {},
];

const HOSTILE: Readonly<Record<string, readonly unknown[]>> = {
  ID: [...MIXED, ...[...IDS, ...UUIDS].map(encode)],
  String: [...MIXED, ...CURSORS.map(encode)],
  Int: [0, -1, 101, 2_147_483_647, 2_147_483_648, 1e300, 1.5, '5', MARK, null, [5], {}],
  Float: [-1, 1e308, MARK, null, true, []],
  Decimal: ['0', '-1', '1.0000001', '1e5', '9'.repeat(60), 'NaN', MARK, '\0', 1, 1.5, null, {}],
  DateTime: [...INSTANTS, '2026-11-23T00:00:01Z', null, ...NO_INSTANTS],
};

function hostileValues(type: GraphQLInputType): unknown[] {
  const named = getNamedType(type);
  const values = isEnumType(named)
    ? ['NOPE', MARK, '', 5, null, {}]
    : (HOSTILE[named.name] ?? [null, 5, MARK, [], {}, { nope: MARK }]);
  if (!isListType(getNullableType(type))) return [...values];
  return [...values, ...values.map((value) => [value]), Array.from({ length: 101 }, () => MARK)];
}

const KEY = ['input', 'idempotencyKey'];

interface Place {
  readonly path: readonly string[];
  readonly type: GraphQLInputType;
}

function placesOf(
  inputs: readonly (GraphQLArgument | GraphQLInputField)[],
  path: readonly string[] = [],
): Place[] {
  return inputs.flatMap(({ name, type }) => {
    const here = { path: [...path, name], type };
    const named = getNamedType(type);
    return isInputObjectType(named)
      ? [here, ...placesOf(Object.values(named.getFields()), here.path)]
      : [here];
  });
}

function withValue(input: object, [name = '', ...rest]: readonly string[], value: unknown): object {
  if (rest.length === 0) return { ...input, [name]: value };
  const inner = (input as Record<string, object>)[name] ?? {};
  return { ...input, [name]: withValue(inner, rest, value) };
}

function documentOf(kind: string, { name, args, type }: GraphQLField<unknown, unknown>): string {
  const declared = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const given = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const selection = isCompositeType(getNamedType(type)) ? '{ __typename }' : '';
  return `${kind} (${declared}) { ${name}(${given}) ${selection} }`;
}

const schema = buildSchema(readProjectFile('schema/schema.graphql'));

function fieldsWithArguments(kind: 'query' | 'mutation'): GraphQLField<unknown, unknown>[] {
  const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
  return Object.values(root?.getFields() ?? {}).filter(({ args }) => args.length > 0);
}

/** The arguments that make each field go well up to the one bad value. */
function goodArguments({ units: [unit] }: Stranger): Readonly<Record<string, object>> {
  const period = windowFrom(3_600_000);
  const pair = { gpuType: unit?.gpuType.slug, region: unit?.region.code };
  const [bookingId, orderId] = [idOf('Booking', NOBODYS_UUID), idOf('Order', NOBODYS_UUID)];
  const gpuId = unit?.id;
  return {
    node: { id: gpuId },
    gpu: { id: gpuId },
    provider: { id: unit?.provider.id },
    price: pair,
    booking: { id: bookingId },
    quote: { gpuId, period },
    orderBook: pair,
    recentFills: pair,
    candles: { ...pair, interval: 'H1', from: period.start, to: period.end },
    order: { id: orderId },
    placeOrder: { input: { ...pair, period, limitUsdPerGpuHour: '0.01' } },
    cancelOrder: { input: { orderId } },
    nodes: { ids: [gpuId] },
    gpuType: { slug: pair.gpuType },
    cancelBooking: { input: { bookingId } },
    createBooking: { input: { gpuId, period } },
    holdGpu: { input: { gpuId, period } },
    extendBooking: { input: { bookingId, newEnd: period.end } },
    invalidateCache: { input: { namespace: 'HISTORICAL', reason: 'sweep' } },
    setGpuStatus: { input: { gpuId, status: 'AVAILABLE' } },
    setProviderStatus: { input: { providerId: unit?.provider.id, status: 'ONLINE' } },
    updatePricing: { input: { ...pair, reason: 'sweep', usdPerGpuHour: '1.5' } },
    upsertOffer: { input: { gpuId, mode: 'FIXED', baseUsdPerGpuHour: '1.5' } },
  };
}

describe('every argument of every field, with each value that it should not get', () => {
  let stranger: Stranger;
  let operator: string;
  let keys = 0;

  beforeAll(async () => {
    stranger = await startStranger();
    operator = (await stranger.token('OPERATOR')).token;
  });

  afterAll(async () => {
    expect(await stranger.stop()).toEqual([]);
  });

  /** What is wrong with the answer; null for a refusal, or an answer, that is in order. */
  async function wrongWith(query: string, variables: object): Promise<string | null> {
    const asked = { query, variables: { ...variables }, token: operator };
    const answer = await DOORS.POST(stranger.node, asked);
    const text = JSON.stringify(answer);
    if (text.includes(MARK) || text.includes('INTERNAL')) return text;
    const codes = answer.errors?.map(({ extensions }) => extensions?.code) ?? ['none'];
    return codes.every(Boolean) ? null : text;
  }

  const fields = (['query', 'mutation'] as const).flatMap((kind) =>
    fieldsWithArguments(kind).map((field) => ({ kind, field, name: field.name })),
  );

  test.each(fields)('$kind $name', async ({ kind, field }) => {
    const document = documentOf(kind, field);
    const good = goodArguments(stranger)[field.name] ?? {};
    const places = placesOf(field.args);
    const keyed = places.some(({ path }) => path.join('.') === KEY.join('.'));
    for (const { path, type } of places) {
      const answers = hostileValues(type).map(async (value) => ({
        at: path.join('.'),
        value: JSON.stringify(value).slice(0, 80),
        wrong: await wrongWith(
          document,
          withValue(keyed ? withValue(good, KEY, `sweep ${(keys += 1)}`) : good, path, value),
        ),
      }));
      expect((await Promise.all(answers)).filter(({ wrong }) => wrong !== null)).toEqual([]);
    }
  });
});
