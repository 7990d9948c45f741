import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // `number` is the time priority among bids of one price; it grows under the book's lock.
  `CREATE TABLE market_order (
     id uuid PRIMARY KEY,
     number bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
     account_id text NOT NULL REFERENCES account,
     gpu_type text NOT NULL,
     region text NOT NULL,
     limit_micros bigint NOT NULL CHECK (limit_micros > 0),
     quantity integer NOT NULL CHECK (quantity > 0),
     gpus_per_unit integer CHECK (gpus_per_unit > 0),
     filled_quantity integer NOT NULL DEFAULT 0,
     starts_at timestamptz NOT NULL,
     ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
     time_in_force text NOT NULL,
     status text NOT NULL,
     expires_at timestamptz,
     min_trust_tier text,
     version integer NOT NULL DEFAULT 1,
     created_at timestamptz NOT NULL,
     FOREIGN KEY (gpu_type, region) REFERENCES pair,
     -- The last guard against an overfill, whatever the code above it does.
     CONSTRAINT market_order_no_overfill CHECK (filled_quantity BETWEEN 0 AND quantity)
   )`,
  `CREATE INDEX market_order_open ON market_order (gpu_type, region, limit_micros DESC, number)
     WHERE status IN ('OPEN', 'PARTIALLY_FILLED')`,
  `CREATE INDEX market_order_due ON market_order (LEAST(expires_at, starts_at))
     WHERE status IN ('OPEN', 'PARTIALLY_FILLED')`,
  `CREATE INDEX market_order_open_by_account ON market_order (account_id)
     WHERE status IN ('OPEN', 'PARTIALLY_FILLED')`,
  `CREATE INDEX market_order_by_account ON market_order (account_id, created_at DESC, id DESC)`,
  `CREATE INDEX market_order_newest ON market_order (created_at DESC, id DESC)`,
  `ALTER TABLE booking ADD COLUMN order_id uuid REFERENCES market_order`,
  `CREATE INDEX booking_by_order ON booking (order_id) WHERE order_id IS NOT NULL`,
  `CREATE TABLE fill (
     id uuid PRIMARY KEY,
     number bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
     order_id uuid NOT NULL REFERENCES market_order,
     booking_id uuid NOT NULL UNIQUE REFERENCES booking,
     gpu_type text NOT NULL,
     region text NOT NULL,
     rate_micros bigint NOT NULL,
     gpu_count integer NOT NULL,
     duration_ms bigint NOT NULL,
     at timestamptz NOT NULL
   )`,
  `CREATE INDEX fill_by_order ON fill (order_id, number)`,
  `CREATE INDEX fill_by_pair ON fill (gpu_type, region, number DESC)`,
  // What each unit adds to its pair's asks at this moment; `match_due` while resting bids may want it.
  `CREATE TABLE book_ask (
     gpu_id text COLLATE "C" PRIMARY KEY REFERENCES gpu,
     gpu_type text NOT NULL,
     region text NOT NULL,
     rate_micros bigint NOT NULL,
     -- That of the offer: asks of one rate are taken in this order.
     price_changed_at timestamptz NOT NULL,
     gpu_count integer NOT NULL,
     match_due boolean NOT NULL DEFAULT false
   )`,
  `CREATE INDEX book_ask_best
     ON book_ask (gpu_type, region, rate_micros, price_changed_at, gpu_id)`,
  `CREATE INDEX book_ask_due ON book_ask (gpu_type, region) WHERE match_due`,
  `CREATE TABLE book_level (
     gpu_type text NOT NULL,
     region text NOT NULL,
     side text NOT NULL CHECK (side IN ('BID', 'ASK')),
     rate_micros bigint NOT NULL,
     gpu_count integer NOT NULL CHECK (gpu_count > 0),
     order_count integer NOT NULL CHECK (order_count > 0),
     PRIMARY KEY (gpu_type, region, side, rate_micros),
     FOREIGN KEY (gpu_type, region) REFERENCES pair
   )`,
  // `first_at` and `last_at` are of the ticks inside, so that history may be added in any order.
  `CREATE TABLE candle (
     gpu_type text NOT NULL,
     region text NOT NULL,
     interval text NOT NULL,
     open_time timestamptz NOT NULL,
     open_micros bigint NOT NULL,
     high_micros bigint NOT NULL,
     low_micros bigint NOT NULL,
     close_micros bigint NOT NULL,
     gpu_ms bigint NOT NULL,
     trades integer NOT NULL,
     first_at timestamptz NOT NULL,
     last_at timestamptz NOT NULL,
     PRIMARY KEY (gpu_type, region, interval, open_time),
     FOREIGN KEY (gpu_type, region) REFERENCES pair
   )`,
  `CREATE INDEX candle_by_age ON candle (interval, open_time)`,
  `ALTER TABLE pair ADD COLUMN book_changed_at timestamptz NOT NULL DEFAULT clock_timestamp()`,
  // The price rule's memory: smoothed utilisation, and when the rule is to look again.
  `ALTER TABLE pair ADD COLUMN utilisation_smoothed double precision,
     ADD COLUMN price_due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     ADD COLUMN price_ran_at timestamptz`,
  `CREATE INDEX pair_price_due ON pair (price_due_at)`,
  `CREATE INDEX booking_by_creation ON booking (created_at) INCLUDE (gpu_id, total_micros)`,
  // The asks of a fleet that is there already; its bids begin empty.
  `INSERT INTO book_ask (gpu_id, gpu_type, region, rate_micros, price_changed_at, gpu_count)
     SELECT g.id, g.gpu_type, g.region, o.rate_micros, o.price_changed_at, g.gpu_count
       FROM gpu g JOIN offer o ON o.gpu_id = g.id
      WHERE o.status = 'ACTIVE' AND g.current_status = 'AVAILABLE'
        AND NOT EXISTS (SELECT FROM booking b WHERE b.gpu_id = g.id
              AND b.status IN ('HELD', 'CONFIRMED', 'ACTIVE')
              AND b.period && tstzrange(now(), now() + interval '1 hour'))`,
  `INSERT INTO book_level (gpu_type, region, side, rate_micros, gpu_count, order_count)
     SELECT gpu_type, region, 'ASK', rate_micros, sum(gpu_count), count(*)
       FROM book_ask GROUP BY gpu_type, region, rate_micros`,
];

/** Orders, fills, the book's asks and levels, candles, the price rule's memory. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
