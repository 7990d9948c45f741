import { PARTITIONS, partitionOf } from '../../src/domain/partition.ts';
import { decodeCursor } from '../../src/live/cursor.ts';
import type { LiveFeed, Stream, StreamItem, StreamTold } from '../../src/live/types.ts';
import { Log, nodeOf } from '../unit/live/log.ts';
import { unitEvent } from '../unit/live/world.ts';

type Item = StreamItem<unknown>;

const REGIONS = ['eu', 'us', 'ap'];

/** What a shared tail has given so far; clients of its node take from it what their openings lack. */
interface Tail {
  readonly items: { readonly item: Item; readonly told: StreamTold }[];
}

/** A node, which may lag behind the log, and the tail that its clients share. */
class Node {
  readonly feed: LiveFeed;
  readonly tail: Tail = { items: [] };
  readonly #log: Log;
  readonly #delivered = new Map<number, number>();

  constructor(log: Log) {
    this.#log = log;
    this.feed = nodeOf(log);
    const told: StreamTold[] = [];
    const stream = this.feed.tail((item) => told.push(item)).availability({});
    void drain(stream, (item) => this.tail.items.push({ item, told: told.shift() as StreamTold }));
  }

  /** Hears up to `most` events of each partition that it has not heard of. */
  deliver(most: number): void {
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      const from = this.#delivered.get(partition) ?? 0;
      const fresh = this.#log.entries(partition).slice(from, from + most);
      for (const event of fresh) this.feed.publish(event);
      this.#delivered.set(partition, from + fresh.length);
    }
  }

  /** What it has not heard of a region is lost to it. */
  lose(region: string): void {
    const partition = partitionOf(region);
    this.#delivered.set(partition, this.#log.entries(partition).length);
    this.feed.lose(partition, this.#log.end(partition));
  }
}

/** A client of a door: its own opening, then what the shared tail gives beyond it. */
class Client {
  /** Events by place, since the last start that says that something may be missing. */
  heard: string[] = [];
  /** Where that start stood. */
  since = '';
  cursor = '';
  /** Starts that said so. */
  startedAnew = 0;
  #items: () => Item[] = () => [];
  #read = 0;

  join({ feed, tail }: Node): void {
    const at = feed.join();
    const told: StreamTold[] = [];
    const opening: { item: Item; told: StreamTold }[] = [];
    let isOver = false;
    const after = this.cursor === '' ? null : this.cursor;
    const stream = feed.opening(at, (item) => told.push(item)).availability({ after });
    void drain(stream, (item) => opening.push({ item, told: told.shift() as StreamTold })).then(
      () => (isOver = true),
    );
    this.#read = 0;
    this.#items = () => {
      const upTo = Math.max(at, ...opening.map((given) => given.told.order));
      const rest = isOver ? tail.items.filter((given) => given.told.order > upTo) : [];
      return [...opening, ...rest].map(({ item }) => item);
    };
  }

  /** Reads at most so many items. */
  read(most: number): void {
    for (const item of this.#items().slice(this.#read, this.#read + most)) {
      this.#read += 1;
      if (item.kind === 'heartbeat') continue;
      this.cursor = item.cursor;
      if (item.kind === 'change') this.heard.push(unitAt(item.change));
      else if (!item.resumed) this.#begin(item.cursor);
    }
  }

  #begin(cursor: string): void {
    this.startedAnew += 1;
    this.heard = [];
    this.since = cursor;
  }
}

/** The log, two nodes and some clients, and what happens to them. */
export class LiveWorld {
  readonly log = new Log();
  readonly nodes = [new Node(this.log), new Node(this.log)];
  readonly clients: (Client | undefined)[] = [];
  #published = 0;

  publish(region: number): void {
    this.#published += 1;
    const event = unitEvent('h100', REGIONS[region] ?? 'eu');
    const resourceId = `unit-${this.#published}`;
    const data = event.event.data['unit'] as object;
    const unit = { ...data, id: resourceId };
    this.log.append({
      ...event,
      event: { ...event.event, resourceId, data: { ...event.event.data, unit } },
    });
  }

  /** A publisher that died before it could mark the last event sends it once more. */
  repeat(region: number): void {
    const last = this.log.entries(partitionOf(REGIONS[region] ?? 'eu')).at(-1);
    if (last) this.log.append(last);
  }

  deliver(node: number, most: number): void {
    this.nodes[node]?.deliver(most);
  }

  lose(node: number, region: number): void {
    this.nodes[node]?.lose(REGIONS[region] ?? 'eu');
  }

  /** A client joins a node, a new one or one that was cut off. */
  join(index: number, node: number): void {
    const client = (this.clients[index] ??= new Client());
    const target = this.nodes[node];
    if (target) client.join(target);
  }

  read(index: number, most: number): void {
    this.clients[index]?.read(most);
  }

  /** What each client must have heard, and what it has, region by region. */
  compare(): { readonly expected: unknown; readonly heard: unknown } {
    const clients = this.#started();
    return {
      expected: clients.map(({ since }) => REGIONS.map((region) => this.#after(since, region))),
      heard: clients.map(({ heard }) =>
        REGIONS.map((region) => heard.filter((place) => place.startsWith(region))),
      ),
    };
  }

  /** Clients that were told where they begin. */
  #started(): Client[] {
    return this.clients.flatMap((client) => (client && client.since !== '' ? client : []));
  }

  stop(): void {
    for (const { feed } of this.nodes) feed.stop();
  }

  /** Every event of a region behind a cursor where it stood first. */
  #after(cursor: string, region: string): string[] {
    const partition = partitionOf(region);
    const from = decodeCursor(cursor)?.get(partition)?.sequence ?? 0n;
    const seen = new Set<string>();
    return this.log.entries(partition).flatMap(({ event, sequence }) => {
      const isFirst = !seen.has(event.eventId);
      seen.add(event.eventId);
      const isOfRegion = event.region === region;
      return isFirst && isOfRegion && sequence > from ? [`${region} ${event.resourceId}`] : [];
    });
  }
}

function unitAt(change: unknown): string {
  const { unit } = change as { unit: { id: string; region: string } };
  return `${unit.region} ${unit.id}`;
}

async function drain(stream: Stream<Item>, onItem: (item: Item) => void): Promise<void> {
  for await (const item of stream) onItem(item);
}
