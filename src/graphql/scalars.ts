import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { formatDecimal, parseDecimal } from '../domain/money.ts';
import { parseIso, toIso } from '../domain/time.ts';
import { decodeCursor } from '../live/cursor.ts';
import { builder } from './builder.ts';
import { apiError } from './errors.ts';

interface TextInput<T> {
  readonly parseValue: (value: unknown) => T;
  readonly parseLiteral: (node: ValueNode) => T;
}

/**
 * Input of a scalar that is always text: other values and texts that do not parse are refused. A
 * literal is refused with its place in the document; a variable's place graphql-js adds itself.
 */
function strictText<T>(expected: string, parse: (text: string) => T | null): TextInput<T> {
  function read(value: unknown, node: ValueNode | null): T {
    const parsed = typeof value === 'string' ? parse(value) : null;
    if (parsed !== null) return parsed;
    const { message, extensions } = apiError('BAD_USER_INPUT', {}, `Expected ${expected}.`);
    throw new GraphQLError(message, { nodes: node, extensions });
  }
  return {
    parseValue: (value) => read(value, null),
    parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : null, node),
  };
}

builder.scalarType('DateTime', {
  description:
    'ISO-8601 UTC instant with millisecond precision, always ending in Z. ' +
    'Input must name its offset and is converted to UTC.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: toIso,
  ...strictText(
    'an ISO-8601 instant with its offset, as a string like "2026-11-23T06:00:00Z"',
    parseIso,
  ),
});

builder.scalarType('Decimal', {
  description:
    'Non-negative decimal as a string, at most 6 fraction digits (1 = one US dollar). ' +
    'Stored as integer micro-dollars. Floats are rejected.',
  serialize: formatDecimal,
  ...strictText(
    'a non-negative decimal as a string with at most 6 fraction digits, like "1.25"; numbers are not accepted',
    parseDecimal,
  ),
});

builder.scalarType('Sequence', {
  description:
    'Unsigned 64-bit counter as a decimal string. Gap-free for an order book (+1 per change); ' +
    'elsewhere only ever growing.',
  serialize: String,
  ...strictText('a counter as a string of digits', (text) =>
    /^\d{1,20}$/.test(text) ? BigInt(text) : null,
  ),
});

builder.scalarType('EventCursor', {
  description: "Opaque position in a topic's event log; pass it back as `after` to resume.",
  serialize: (cursor) => cursor,
  ...strictText('a cursor that this API has sent', (text) => (decodeCursor(text) ? text : null)),
});

builder.scalarType('BigInt', {
  description: '64-bit integer as a decimal string (counters).',
  serialize: String,
  ...strictText('an integer as a string of digits', (text) =>
    /^-?\d{1,19}$/.test(text) ? BigInt(text) : null,
  ),
});

builder.scalarType('JSON', {
  description: 'Any JSON value; its shape is told where it is used.',
  serialize: (value) => value,
});
