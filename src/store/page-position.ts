import { sql, type RawBuilder } from 'kysely';
import { toIso, type EpochMs } from '../domain/time.ts';

/** Where a page of a list that begins with its newest row has ended. */
export interface PagePosition {
  readonly createdAt: EpochMs;
  /** A UUID: tells apart what was made in the same millisecond. */
  readonly id: string;
}

/** The rows that come strictly after the position, of a table with `created_at` and `id`. */
export function olderThan({ createdAt, id }: PagePosition): RawBuilder<boolean> {
  return sql<boolean>`(created_at, id) < (${toIso(createdAt)}::timestamptz, ${id}::uuid)`;
}
