import type { FillOutcome, L2, L2Snapshot, L2Value } from '../../../src/cache/l2.ts';
import type { CacheEvent, SequencedEvent } from '../../../src/domain/cache-event.ts';
import type { CacheKey } from '../../../src/domain/cache-key.ts';
import type { LogPosition } from '../../../src/domain/log-position.ts';
import { partitionOf } from '../../../src/domain/partition.ts';
import { BASE, REGION } from './world.ts';

interface Stored {
  readonly kind: 'V' | 'T';
  readonly number: bigint;
  readonly payload: Buffer;
}

export interface LayerOptions {
  /** Called before a request is executed and before its answer arrives. */
  readonly travel?: (label: string) => Promise<void>;
}

const INCARNATION = 1_000_000n;
const NOTHING: Stored = { kind: 'T', number: 0n, payload: Buffer.alloc(0) };

/**
 * What a fleet shares, as a model in memory: one partition's log and the values that are kept beside
 * it, with the rules of the scripts in Redis. Every node asks it over a layer of its own.
 */
export class SharedLog {
  position: LogPosition = { base: BASE, sequence: BASE };
  away = false;
  /** What is left of the life of every value. */
  leftMs = 30_000;
  readonly #entries = new Map<string, Stored>();
  readonly #leases = new Map<string, number>();
  #events: SequencedEvent[] = [];
  #layers = 0;
  #timeMs = 0;

  /** INVALIDATE: numbers the event, lays tombstones, logs it. */
  publish(event: CacheEvent): SequencedEvent {
    this.#mustAnswer();
    const { base, sequence } = this.position;
    this.position = { base, sequence: sequence + 1n };
    for (const { key } of event.keys) {
      this.#entries.set(key, { ...NOTHING, number: sequence + 1n });
    }
    const published = { event, partition: partitionOf(REGION), base, sequence: sequence + 1n };
    this.#events.push(published);
    return published;
  }

  /** The events after a number; null when some of them were trimmed away or never were. */
  since({ base, sequence }: LogPosition): SequencedEvent[] | null {
    this.#mustAnswer();
    if (base !== this.position.base) return null;
    const missed = this.#events.filter((event) => event.sequence > sequence);
    return BigInt(missed.length) === this.position.sequence - sequence ? missed : null;
  }

  trim(): void {
    this.#events = [];
  }

  /** FLUSHDB: everything is gone, a later incarnation begins. */
  loseEverything(): void {
    this.#entries.clear();
    this.#leases.clear();
    this.#rebase();
  }

  /** A replica is promoted that has its values from before the last events. */
  failOver(): void {
    this.#rebase();
  }

  /** Every value is past its time. */
  loseValues(): void {
    for (const [key, { kind }] of this.#entries) if (kind === 'V') this.#entries.delete(key);
  }

  /** The tombstones' 30 s are over, and with them the 20 s that a fill may take. */
  expireTombstones(): void {
    this.#timeMs += 30_000;
    for (const [key, { kind }] of this.#entries) if (kind === 'T') this.#entries.delete(key);
  }

  /** A node's connection. */
  layer({ travel = async () => undefined }: LayerOptions = {}): L2 {
    this.#layers += 1;
    const holder = this.#layers;
    const over = async <T>(label: string, execute: () => T): Promise<T> => {
      await travel(`${label} is executed`);
      this.#mustAnswer();
      const answer = execute();
      await travel(`${label} is answered`);
      return answer;
    };
    return {
      keepsValues: true,
      read: (_, keys) => over('MGET', () => this.#read(keys)),
      claim: (_, keys) =>
        over('claim', () => {
          const granted = keys.map(({ key }) => this.#grant(key, holder));
          return { granted, snapshot: this.#read(keys) };
        }),
      release: (_, { key }) =>
        over('release', () => {
          if (this.#leases.get(key) === holder) this.#leases.delete(key);
        }),
      fill: (_, { key }, { position, bornAtMs }, { payload }) =>
        over('FILL', () =>
          bornAtMs === this.#timeMs ? this.#fill(key, position, payload) : 'refused',
        ),
    };
  }

  #read(keys: readonly CacheKey[]): L2Snapshot {
    const values = keys.map(({ key }): L2Value | null => {
      const { kind, number, payload } = this.#entries.get(key) ?? NOTHING;
      return kind === 'V' && number >= this.position.base ? { payload, leftMs: this.leftMs } : null;
    });
    return { position: this.position, bornAtMs: this.#timeMs, values };
  }

  #fill(key: string, { base, sequence }: LogPosition, payload: Buffer): FillOutcome {
    const { kind, number } = this.#entries.get(key) ?? NOTHING;
    if (base !== this.position.base || sequence > this.position.sequence) return 'refused';
    if (kind === 'T' && number > sequence) return 'refused';
    if (kind === 'V' && number >= sequence) return 'taken';
    this.#entries.set(key, { kind: 'V', number: sequence, payload });
    return 'kept';
  }

  #grant(key: string, holder: number): boolean {
    if (this.#leases.has(key)) return false;
    this.#leases.set(key, holder);
    return true;
  }

  #rebase(): void {
    const base = this.position.sequence + INCARNATION;
    this.position = { base, sequence: base };
    this.#events = [];
  }

  #mustAnswer(): void {
    if (this.away) throw new Error('The shared log is away.');
  }
}
