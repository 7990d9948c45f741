import SchemaBuilder from '@pothos/core';
import type { JsonValue } from '../domain/cache-event.ts';
import type { Micros } from '../domain/money.ts';
import type { EpochMs } from '../domain/time.ts';
import type { GraphqlContext } from './context.ts';

interface SchemaTypes {
  Context: GraphqlContext;
  /** A field is never null unless it says so. */
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: EpochMs; Output: EpochMs };
    Decimal: { Input: Micros; Output: Micros };
    Sequence: { Input: bigint; Output: bigint };
    EventCursor: { Input: string; Output: string };
    BigInt: { Input: bigint; Output: bigint };
    JSON: { Input: JsonValue; Output: JsonValue };
  };
}

/** The one builder that every type of `types/` is added to; `schema.ts` prints what it holds. */
export const builder = new SchemaBuilder<SchemaTypes>({ defaultFieldNullability: false });

builder.queryType({ description: 'What can be read. Public unless a field names a role.' });
builder.mutationType({
  description:
    'What can be changed. Expected refusals are members of each result, not top-level errors.',
});
builder.subscriptionType({ description: 'What is pushed, over SSE or WebSocket.' });
