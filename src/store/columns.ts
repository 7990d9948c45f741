import type { ColumnType } from 'kysely';
import type { EpochMs } from '../domain/time.ts';

/*
 * The connection parses `timestamptz` to epoch milliseconds and `bigint` to bigint on both databases;
 * instants are written as ISO-8601 strings.
 */

export type Instant = ColumnType<EpochMs, string, string>;
export type InstantOrNull = ColumnType<EpochMs | null, string | null | undefined, string | null>;
export type DefaultInstant = ColumnType<EpochMs, string | undefined, string>;
