import { setTimeout as sleep } from 'node:timers/promises';
import { createGraphqlClient, type GraphqlClient } from '../../../src/client/graphql-client.ts';
import { createSocketClient } from '../../../src/client/graphql-socket.ts';
import type { TestEdgebook } from '../edgebook.ts';
import { Journal, type PushedVersion } from './journal.ts';
import { AVAILABILITY, VERSIONS } from './operations.ts';

export type Door = 'SSE' | 'WebSocket';

export interface SubscriberOptions {
  readonly door: Door;
  /** The node for the next connection. */
  readonly anyNode: () => TestEdgebook;
  /** The units that it fetches when it has to; pushes come of all. */
  readonly units: readonly string[];
}

/** Longer than two heartbeats are apart: a stream that is silent for so long is dead. */
const SILENCE_MS = 12_000;
const RETRY_MS = 50;

/**
 * One client of the fleet, as the recipes tell a frontend to be: it follows, goes on at any node from
 * its last cursor when the connection ends, and fetches again when the stream says that it must.
 */
export class Subscriber {
  readonly journal = new Journal();
  readonly #options: SubscriberOptions;
  readonly #leaving = new AbortController();
  readonly #running: Promise<void>;
  #connection = new AbortController();
  #cursor: string | null = null;
  #asking = false;

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Breaks the connection off, as a network does; the subscriber connects anew by itself. */
  cut(): void {
    this.#connection.abort();
  }

  async stop(): Promise<void> {
    this.#leaving.abort();
    this.cut();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#leaving.signal.aborted) {
      this.#connection = new AbortController();
      await this.#follow(this.#options.anyNode(), this.#connection).catch(() => undefined);
      await sleep(RETRY_MS);
    }
  }

  async #follow(node: TestEdgebook, connection: AbortController): Promise<void> {
    const options = { url: `${node.origin}/graphql`, token: null, timeoutMs: SILENCE_MS };
    const client = createGraphqlClient(options);
    const { subscribe } = this.#options.door === 'SSE' ? client : createSocketClient(options);
    const silence = setTimeout(() => connection.abort(), SILENCE_MS);
    try {
      const pushes = subscribe(AVAILABILITY, { after: this.#cursor }, connection.signal);
      for await (const { availabilityChanged: push } of pushes) {
        silence.refresh();
        if (push.__typename === 'StreamHeartbeat') continue;
        this.#cursor = push.cursor;
        if (push.__typename === 'StreamStart') this.#started(client, push.resumed);
        else this.#pushed(client, { unit: push.gpu.id, version: push.gpu.version });
      }
    } finally {
      clearTimeout(silence);
      connection.abort();
    }
  }

  #started(client: GraphqlClient, resumed: boolean): void {
    this.journal.started(resumed);
    if (!resumed) void this.#fetch(client);
  }

  /** Again until it is answered, or the stream says once more that it must be. */
  async #fetch(client: GraphqlClient): Promise<void> {
    const { era } = this.journal;
    while (era === this.journal.era && !this.#leaving.signal.aborted) {
      const answer = await client.execute(VERSIONS, { ids: this.#options.units }).catch(() => null);
      if (answer) {
        for (const unit of answer.nodes)
          if (unit) this.journal.fetched(era, { unit: unit.id, version: unit.version });
        return;
      }
      await sleep(RETRY_MS);
    }
  }

  #pushed(client: GraphqlClient, pushed: PushedVersion): void {
    this.journal.pushed(pushed);
    if (!this.#asking) void this.#ask(client, pushed);
  }

  async #ask(client: GraphqlClient, pushed: PushedVersion): Promise<void> {
    this.#asking = true;
    try {
      const { nodes } = await client.execute(VERSIONS, { ids: [pushed.unit] });
      if (nodes[0]) this.journal.answered(pushed, nodes[0].version);
    } catch {
      // The node is down or cannot answer now: nothing was said, so nothing was wrong.
    } finally {
      this.#asking = false;
    }
  }
}
