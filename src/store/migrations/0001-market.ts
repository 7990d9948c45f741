import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  `CREATE EXTENSION IF NOT EXISTS btree_gist`,
  `CREATE TABLE region (
     code text PRIMARY KEY,
     name text NOT NULL,
     country text
   )`,
  `CREATE TABLE gpu_type (
     slug text PRIMARY KEY,
     name text NOT NULL,
     vendor text NOT NULL,
     vram_gb integer NOT NULL,
     interconnect text NOT NULL,
     fp16_tflops double precision,
     reference_micros bigint
   )`,
  `CREATE TABLE provider (
     slug text PRIMARY KEY,
     name text NOT NULL,
     status text NOT NULL DEFAULT 'ONLINE',
     trust_tier text NOT NULL,
     reliability double precision,
     last_seen_at timestamptz,
     version integer NOT NULL DEFAULT 1
   )`,
  // One row per (gpu_type, region); book_id is the key of the pair's advisory lock.
  `CREATE TABLE pair (
     gpu_type text NOT NULL REFERENCES gpu_type,
     region text NOT NULL REFERENCES region,
     book_id integer NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE,
     book_sequence bigint NOT NULL DEFAULT 0,
     next_unit_number integer NOT NULL DEFAULT 1,
     rate_micros bigint,
     multiplier_millionths bigint NOT NULL DEFAULT 1000000,
     price_updated_at timestamptz,
     price_held_until timestamptz,
     version integer NOT NULL DEFAULT 1,
     PRIMARY KEY (gpu_type, region)
   )`,
  `CREATE TABLE gpu (
     id text COLLATE "C" PRIMARY KEY,
     gpu_type text NOT NULL,
     region text NOT NULL,
     provider text NOT NULL REFERENCES provider,
     -- Names the unit in its source, so that an import can be repeated.
     source_key text NOT NULL,
     gpu_count integer NOT NULL CHECK (gpu_count > 0),
     cpu_cores integer,
     ram_gb integer,
     disk_gb integer,
     trust_tier text NOT NULL,
     reliability double precision,
     declared_status text NOT NULL DEFAULT 'AVAILABLE',
     current_status text NOT NULL DEFAULT 'AVAILABLE',
     version integer NOT NULL DEFAULT 1,
     created_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
     FOREIGN KEY (gpu_type, region) REFERENCES pair,
     UNIQUE (provider, source_key)
   )`,
  `CREATE INDEX gpu_by_pair ON gpu (gpu_type, region, id)`,
  `CREATE TABLE offer (
     gpu_id text COLLATE "C" PRIMARY KEY REFERENCES gpu,
     mode text NOT NULL,
     rate_micros bigint NOT NULL CHECK (rate_micros >= 0),
     base_micros bigint NOT NULL CHECK (base_micros >= 0),
     floor_micros bigint NOT NULL,
     cap_micros bigint NOT NULL,
     min_duration_minutes integer NOT NULL,
     max_duration_minutes integer NOT NULL,
     status text NOT NULL,
     version integer NOT NULL DEFAULT 1,
     price_changed_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp())
   )`,
  `CREATE TABLE account (
     id text PRIMARY KEY,
     role text NOT NULL,
     name text NOT NULL,
     created_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp())
   )`,
  // The exclusion constraint is the last guard against a double booking, whatever the code above it does.
  `CREATE TABLE booking (
     id uuid PRIMARY KEY,
     gpu_id text COLLATE "C" NOT NULL REFERENCES gpu,
     account_id text NOT NULL REFERENCES account,
     status text NOT NULL,
     starts_at timestamptz NOT NULL,
     ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
     period tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange(starts_at, ends_at)) STORED,
     rate_micros bigint NOT NULL,
     gpu_count integer NOT NULL,
     total_micros bigint NOT NULL,
     refunded_micros bigint NOT NULL DEFAULT 0,
     hold_expires_at timestamptz,
     version integer NOT NULL DEFAULT 1,
     created_at timestamptz NOT NULL,
     cancelled_at timestamptz,
     CONSTRAINT booking_no_overlap EXCLUDE USING gist (gpu_id WITH =, period WITH &&)
       WHERE (status IN ('HELD', 'CONFIRMED', 'ACTIVE'))
   )`,
  `CREATE INDEX booking_live_by_gpu ON booking (gpu_id, starts_at)
     WHERE status IN ('HELD', 'CONFIRMED', 'ACTIVE')`,
  `CREATE INDEX booking_by_account ON booking (account_id, created_at DESC, id DESC)`,
  `CREATE INDEX booking_by_gpu ON booking (gpu_id, created_at DESC, id DESC)`,
  `CREATE INDEX booking_newest ON booking (created_at DESC, id DESC)`,
  `CREATE INDEX booking_hold_due ON booking (hold_expires_at) WHERE status = 'HELD'`,
  `CREATE INDEX booking_start_due ON booking (starts_at) WHERE status = 'CONFIRMED'`,
  `CREATE INDEX booking_end_due ON booking (ends_at) WHERE status = 'ACTIVE'`,
  `CREATE TABLE quote (
     id uuid PRIMARY KEY,
     gpu_id text COLLATE "C" NOT NULL REFERENCES gpu,
     account_id text,
     starts_at timestamptz NOT NULL,
     ends_at timestamptz NOT NULL,
     gpu_count integer NOT NULL,
     rate_micros bigint NOT NULL,
     total_micros bigint NOT NULL,
     valid_until timestamptz NOT NULL
   )`,
  `CREATE INDEX quote_by_end ON quote (valid_until)`,
  `CREATE TABLE idempotency (
     account_id text NOT NULL,
     key text NOT NULL,
     -- Operation and canonical input; compared whole.
     request text NOT NULL,
     answer jsonb NOT NULL,
     created_at timestamptz NOT NULL,
     PRIMARY KEY (account_id, key)
   )`,
  `CREATE INDEX idempotency_by_age ON idempotency (created_at)`,
  // One row per event and partition; the relay publishes a partition's rows in (priority, id) order.
  `CREATE TABLE outbox (
     id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
     event_id uuid NOT NULL,
     partition smallint NOT NULL,
     priority smallint NOT NULL,
     event jsonb NOT NULL,
     -- Set for debounced events only: at most one unpublished row per key.
     debounce_key text,
     not_before timestamptz NOT NULL,
     created_at timestamptz NOT NULL,
     published_at timestamptz
   )`,
  `CREATE INDEX outbox_unpublished ON outbox (partition, priority, id) WHERE published_at IS NULL`,
  `CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL`,
  `CREATE UNIQUE INDEX outbox_debounced ON outbox (partition, debounce_key)
     WHERE published_at IS NULL AND debounce_key IS NOT NULL`,
  `CREATE TABLE audit (
     id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
     at timestamptz NOT NULL DEFAULT clock_timestamp(),
     account_id text NOT NULL,
     action text NOT NULL,
     subject text NOT NULL,
     reason text
   )`,
];

/** The market's nouns, the exclusion constraint, the outbox. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
