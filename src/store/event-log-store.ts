import { sql } from 'kysely';
import type { CacheEvent, CacheEventType, SequencedEvent } from '../domain/cache-event.ts';
import type { LogPosition } from '../domain/log-position.ts';
import { PARTITIONS } from '../domain/partition.ts';
import type { Db } from './database.ts';

export interface EventLogRequest {
  readonly first: number;
  /** Only what follows; null = the newest. A partition that it does not name is read from its newest on. */
  readonly after: ReadonlyMap<number, LogPosition> | null;
  readonly types: readonly CacheEventType[] | null;
}

/** Published events in the order of their publication, each once. Kept as long as outbox rows are. */
export async function readEventLog(
  db: Db,
  { first, after, types }: EventLogRequest,
): Promise<SequencedEvent[]> {
  const rows = await db
    .selectFrom('outbox')
    .select(['partition', 'base', 'sequence', 'event'])
    .where('published_at', 'is not', null)
    .where('base', 'is not', null)
    .where('home', '=', true)
    .$if(types !== null, (query) =>
      query.where(sql<boolean>`event->>'type' = ANY(${[...(types ?? [])]}::text[])`),
    )
    .$if(after !== null, (query) => query.where(isAfter(after ?? new Map())))
    .orderBy('published_at', after ? 'asc' : 'desc')
    .orderBy('partition', after ? 'asc' : 'desc')
    .orderBy('sequence', after ? 'asc' : 'desc')
    .limit(first)
    .execute();
  const events = rows.map((row) => ({
    event: row.event as CacheEvent,
    partition: row.partition,
    base: row.base ?? 0n,
    sequence: row.sequence ?? 0n,
  }));
  return after ? events : events.toReversed();
}

/** Behind the named positions; of partitions without one, what was published since the newest of them. */
function isAfter(after: ReadonlyMap<number, LogPosition>) {
  const known = [...after];
  const partitions = known.map(([partition]) => partition);
  const bases = known.map(([, { base }]) => `${base}`);
  const sequences = known.map(([, { sequence }]) => `${sequence}`);
  const named = sql`unnest(${partitions}::int[], ${bases}::bigint[], ${sequences}::bigint[])
    AS named(partition, base, sequence)`;
  return sql<boolean>`(
    EXISTS (SELECT 1 FROM ${named} WHERE named.partition = outbox.partition
              AND (outbox.base, outbox.sequence) > (named.base, named.sequence))
    OR (NOT outbox.partition = ANY(${partitions}::int[]) AND outbox.published_at >= (
          SELECT coalesce(max(o.published_at), '-infinity') FROM outbox o JOIN ${named}
              ON o.partition = named.partition AND o.base = named.base
             AND o.sequence = named.sequence WHERE o.published_at IS NOT NULL)))`;
}

/** The last published position of each partition that has one. */
export async function logHeads(db: Db): Promise<ReadonlyMap<number, LogPosition>> {
  const { rows } = await sql<LogPosition & { partition: number }>`
    SELECT p.partition, head.base, head.sequence
      FROM generate_series(0, ${PARTITIONS - 1}::int) AS p(partition)
     CROSS JOIN LATERAL (
       SELECT base, sequence FROM outbox
        WHERE partition = p.partition AND published_at IS NOT NULL AND base IS NOT NULL
        ORDER BY base DESC, sequence DESC LIMIT 1) AS head`.execute(db);
  return new Map(rows.map(({ partition, base, sequence }) => [partition, { base, sequence }]));
}
