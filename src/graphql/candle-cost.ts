import { Kind, type FieldNode, type GraphQLField } from 'graphql';
import { CANDLE_MS } from '../domain/candle.ts';
import { parseIso } from '../domain/time.ts';
import { MAX_CANDLES } from './list-candles.ts';

const CANDLES_PER_POINT = 10;

/**
 * What a field that lists candles costs: a point per ten buckets of its range, of which there may be
 * thousands where other lists have a page. A range that cannot be read is taken to be the longest.
 */
export function candleCost(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  variables: Readonly<Record<string, unknown>>,
): number {
  const argument = (name: string): unknown => argumentOf(node, field, name, variables);
  const [from, to] = [instant(argument('from')), instant(argument('to'))];
  const bucketMs = bucketOf(argument('interval'));
  const known = from !== null && to !== null && bucketMs !== null;
  const buckets = known ? Math.min(Math.max((to - from) / bucketMs, 1), MAX_CANDLES) : MAX_CANDLES;
  return Math.ceil(buckets / CANDLES_PER_POINT);
}

function argumentOf(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  name: string,
  variables: Readonly<Record<string, unknown>>,
): unknown {
  const value = node.arguments?.find((given) => given.name.value === name)?.value;
  if (!value) return field.args.find((arg) => arg.name === name)?.defaultValue;
  if (value.kind === Kind.VARIABLE) return variables[value.name.value];
  return value.kind === Kind.STRING || value.kind === Kind.ENUM ? value.value : null;
}

function instant(value: unknown): number | null {
  return typeof value === 'string' ? parseIso(value) : null;
}

function bucketOf(interval: unknown): number | null {
  if (typeof interval !== 'string' || !Object.hasOwn(CANDLE_MS, interval)) return null;
  return CANDLE_MS[interval as keyof typeof CANDLE_MS];
}
