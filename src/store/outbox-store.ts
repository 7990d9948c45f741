import { sql } from 'kysely';
import { EVENT_PRIORITY, isDebounced, type CacheEvent } from '../domain/cache-event.ts';
import { PARTITIONS, partitionOf } from '../domain/partition.ts';
import { SECOND_MS, toIso, type EpochMs } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { lockedPartitions } from './locks.ts';
import { silently, statement } from './statement.ts';

/** MARKET_STATS_UPDATED waits this long, so that a burst of bookings makes one. */
const DEBOUNCE_MS = SECOND_MS;

export interface OutboxRow {
  readonly id: bigint;
  readonly partition: number;
  readonly event: CacheEvent;
}

/** The partitions whose log must carry the event: its home and those of its keys. */
export function partitionsOf(event: CacheEvent): number[] {
  const wholeNamespace = event.type === 'MANUAL_INVALIDATION' && event.keys.length === 0;
  if (wholeNamespace) return Array.from({ length: PARTITIONS }, (_, partition) => partition);
  return [...new Set([event.region, ...event.keys.map((key) => key.region)].map(partitionOf))];
}

function debounceKey(event: CacheEvent): string | null {
  return isDebounced(event) ? event.resourceId : null;
}

const APPEND = silently<{ readonly rows: string }>(
  (slot) => sql`
    INSERT INTO outbox (event_id, partition, priority, event, home, debounce_key, not_before, created_at)
    SELECT event_id, partition, priority, event, home, debounce_key, not_before, created_at
      FROM json_populate_recordset(null::outbox, ${slot('rows')}::json)
    ON CONFLICT (partition, debounce_key) WHERE published_at IS NULL AND debounce_key IS NOT NULL
       DO UPDATE SET created_at = excluded.created_at`,
);

/**
 * Writes events into the outbox, in the transaction of their change and after its locks. A debounced
 * event that still waits is touched instead of doubled: the touch waits for a relay that is just
 * publishing it, so a change that commits later gets an event of its own.
 */
export async function appendEvents(
  tx: Tx,
  events: readonly CacheEvent[],
  now: EpochMs,
): Promise<void> {
  const rows = events.flatMap((event) => {
    const key = debounceKey(event);
    return partitionsOf(event).map((partition) => ({
      event_id: event.eventId,
      partition,
      priority: EVENT_PRIORITY[event.type],
      event,
      home: partition === partitionOf(event.region),
      debounce_key: key,
      not_before: toIso(key === null ? now : now + DEBOUNCE_MS),
      created_at: toIso(now),
    }));
  });
  const immediate = rows.filter((row) => row.debounce_key === null);
  const debounced = rows.filter((row) => row.debounce_key !== null);
  await APPEND(tx, { rows: JSON.stringify([...immediate, ...debounced]) });
}

const CLAIM = statement<
  { readonly partitions: readonly number[]; readonly limit: number },
  { readonly id: bigint; readonly partition: number; readonly event: unknown }
>(
  (slot) => sql`
    SELECT next.id, next.partition, next.event
      FROM ${lockedPartitions(slot('partitions'))} locked
     CROSS JOIN LATERAL (
       SELECT id, partition, priority, event FROM outbox
        WHERE partition = locked.partition AND published_at IS NULL
          AND not_before <= clock_timestamp()
        ORDER BY priority, id LIMIT ${slot('limit')} FOR UPDATE SKIP LOCKED) next
     ORDER BY next.partition, next.priority, next.id`,
);

/**
 * The next events of each partition in publication order, at most `limit` of each, for who holds the
 * partitions' locks: nothing of one that another holds, so this may be asked together with the locks.
 */
export async function claimUnpublished(
  tx: Tx,
  partitions: readonly number[],
  limit: number,
): Promise<OutboxRow[]> {
  const rows = await CLAIM(tx, { partitions, limit });
  return rows.map(({ id, partition, event }) => ({ id, partition, event: event as CacheEvent }));
}

/** What became of one row: its event's place in the log, and what the publication did. */
export interface PublishedRow {
  readonly id: bigint;
  readonly base: bigint;
  readonly sequence: bigint;
  /** Nodes that the bus handed it to. */
  readonly receivers: number;
  /** Values that it removed from L2. */
  readonly keysDeleted: number;
}

type Columns = Readonly<Record<keyof PublishedRow, readonly string[]>>;

const MARK = silently<Columns>(
  (slot) => sql`
    UPDATE outbox SET published_at = (SELECT clock_timestamp()), base = at.base, sequence = at.sequence,
           receivers = at.receivers, keys_deleted = at.keys_deleted
      FROM unnest(${slot('id')}::bigint[], ${slot('base')}::bigint[], ${slot('sequence')}::bigint[],
                  ${slot('receivers')}::int[], ${slot('keysDeleted')}::int[])
           AS at(id, base, sequence, receivers, keys_deleted)
     WHERE outbox.id = at.id`,
);

/** Marks rows as published, all at one instant; from now on retention may delete them. */
export async function markPublished(tx: Tx, rows: readonly PublishedRow[]): Promise<void> {
  const column = (name: keyof PublishedRow): string[] => rows.map((row) => `${row[name]}`);
  await MARK(tx, {
    id: column('id'),
    base: column('base'),
    sequence: column('sequence'),
    receivers: column('receivers'),
    keysDeleted: column('keysDeleted'),
  });
}

/** What became of an event, one row per partition in which it was published; any node may have done it. */
export async function publicationsOf(
  db: Db,
  eventId: string,
): Promise<(Omit<PublishedRow, 'id'> & { readonly partition: number })[]> {
  const rows = await db
    .selectFrom('outbox')
    .select(['partition', 'base', 'sequence', 'receivers', 'keys_deleted'])
    .where('event_id', '=', eventId)
    .where('published_at', 'is not', null)
    .execute();
  return rows.map(({ partition, base, sequence, receivers, keys_deleted }) => ({
    partition,
    base: base ?? 0n,
    sequence: sequence ?? 0n,
    receivers: receivers ?? 0,
    keysDeleted: keys_deleted ?? 0,
  }));
}

/** Partitions that have something to publish now. */
export async function partitionsWithWork(db: Db): Promise<number[]> {
  const rows = await db
    .selectFrom('outbox')
    .select('partition')
    .distinct()
    .where('published_at', 'is', null)
    .where('not_before', '<=', sql<number>`clock_timestamp()`)
    .execute();
  return rows.map((row) => row.partition);
}

/** Which of these events were committed at all; for a writer that lost its connection while committing. */
export async function committedEvents(db: Db, eventIds: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('outbox')
    .select('event_id')
    .where('event_id', 'in', [...eventIds])
    .execute();
  return new Set(rows.map((row) => row.event_id));
}

/** How many rows wait, and since when the oldest does. */
export async function outboxBacklog(
  db: Db,
): Promise<{ readonly pending: number; readonly oldestAt: EpochMs | null }> {
  const row = await db
    .selectFrom('outbox')
    .select((eb) => [eb.fn.countAll<bigint>().as('pending'), eb.fn.min('not_before').as('oldest')])
    .where('published_at', 'is', null)
    .executeTakeFirstOrThrow();
  return { pending: Number(row.pending), oldestAt: row.oldest };
}

/** How long the oldest event that may go out has been waiting, in ms by the database's clock; 0 for none. */
export async function outboxLagMs(db: Db): Promise<number> {
  const { rows } = await sql<{ lag: number | null }>`
    SELECT (extract(epoch FROM clock_timestamp() - min(not_before)) * 1000)::float8 AS lag
      FROM outbox WHERE published_at IS NULL`.execute(db);
  return Math.max(0, rows[0]?.lag ?? 0);
}

/** Which of these events have been published, in every partition that they stand in. */
export async function publishedEvents(db: Db, eventIds: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('outbox')
    .select('event_id')
    .where('event_id', 'in', [...eventIds])
    .groupBy('event_id')
    .having(sql<boolean>`bool_and(published_at IS NOT NULL)`)
    .execute();
  return rows.map((row) => row.event_id);
}
