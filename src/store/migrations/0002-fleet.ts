import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // Where the log put an event: what an operator reads later, and how far behind a node is.
  `ALTER TABLE outbox
     ADD COLUMN base bigint,
     ADD COLUMN sequence bigint,
     -- Nodes that the bus handed it to, and values that it removed from L2.
     ADD COLUMN receivers integer,
     ADD COLUMN keys_deleted integer,
     -- The row of the partition that live streams follow: an event in several partitions has one such row.
     ADD COLUMN home boolean NOT NULL DEFAULT true`,
  `CREATE INDEX outbox_by_event ON outbox (event_id)`,
  `CREATE INDEX outbox_head ON outbox (partition, base DESC, sequence DESC)
     WHERE published_at IS NOT NULL`,
  // One row per node, written by itself every few seconds.
  `CREATE TABLE edge_node (
     id text PRIMARY KEY,
     region text NOT NULL,
     datacenter text,
     tier text NOT NULL CHECK (tier IN ('EDGE', 'REGIONAL', 'GLOBAL')),
     version text NOT NULL,
     started_at timestamptz NOT NULL,
     heartbeat_at timestamptz NOT NULL,
     last_sequence bigint NOT NULL,
     lag_events integer NOT NULL,
     health jsonb NOT NULL,
     stats jsonb NOT NULL
   )`,
  `CREATE INDEX edge_node_by_heartbeat ON edge_node (heartbeat_at)`,
];

/** The nodes of the fleet, and where the log put each event. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
