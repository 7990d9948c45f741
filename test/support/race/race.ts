import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { TestRedis } from '../redis.ts';
import { FAULTS, type FaultName } from './faults.ts';
import { startRaceNode, type RaceNodeProcess } from './race-node.ts';
import type { NodeLoad, NodeReport, Progress, RaceArm } from './types.ts';

export interface RaceOptions {
  readonly arm: RaceArm;
  readonly databaseUrl: string;
  readonly redis: TestRedis;
  readonly nodes: number;
  /** Of each node. */
  readonly load: NodeLoad;
  /** One after another, over and over. */
  readonly faults: readonly FaultName[];
  readonly everyMs: number;
  /** The race ends when both are reached. */
  readonly atLeast: { readonly reads: number; readonly faults: number };
}

/** What all nodes found together. */
export interface RaceReport extends Omit<NodeReport, 'lagsMs'> {
  readonly faults: number;
  readonly lagP50Ms: number;
  readonly lagP99Ms: number;
  readonly lagMaxMs: number;
}

/** Runs nodes with readers, writers and faults until enough was read, then lets them come to rest. */
export async function race(options: RaceOptions): Promise<RaceReport> {
  const fleet = new RaceFleet(options);
  const admin = new Redis(options.redis.url);
  admin.on('error', () => undefined);
  try {
    await fleet.start();
    const faults = await harass(options, fleet, admin);
    return { ...summarise(await fleet.finish(), fleet.dead), faults };
  } finally {
    admin.disconnect();
    await fleet.kill();
  }
}

async function harass(options: RaceOptions, fleet: RaceFleet, admin: Redis): Promise<number> {
  const { faults, everyMs, atLeast, redis } = options;
  const targets = {
    redis,
    admin,
    freezeNode: (ms: number) => fleet.freezeOne(ms),
    replaceNode: () => fleet.replaceOne(),
  };
  let count = 0;
  while (count < atLeast.faults || fleet.reads() < atLeast.reads) {
    await sleep(everyMs);
    const name = faults[count % faults.length];
    if (name) await FAULTS[name](targets);
    count += 1;
  }
  await sleep(everyMs);
  return count;
}

class RaceFleet {
  readonly #options: RaceOptions;
  readonly #nodes: RaceNodeProcess[] = [];
  /** What killed nodes had found. */
  readonly dead: Progress[] = [];
  #started = 0;

  constructor(options: RaceOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    for (let index = 0; index < this.#options.nodes; index += 1) {
      this.#nodes.push(await this.#startNode());
    }
  }

  reads(): number {
    const alive = this.#nodes.map((node) => node.progress());
    return [...alive, ...this.dead].reduce((sum, { reads }) => sum + reads, 0);
  }

  async freezeOne(ms: number): Promise<void> {
    const node = this.#pick();
    node?.freeze();
    await sleep(ms);
    node?.thaw();
  }

  async replaceOne(): Promise<void> {
    const node = this.#pick();
    if (!node) return;
    this.#nodes.splice(this.#nodes.indexOf(node), 1);
    await node.kill();
    this.dead.push(node.progress());
    this.#nodes.push(await this.#startNode());
  }

  finish(): Promise<NodeReport[]> {
    return Promise.all(this.#nodes.map((node) => node.finish()));
  }

  async kill(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.kill()));
  }

  #pick(): RaceNodeProcess | undefined {
    return this.#nodes[Math.floor(Math.random() * this.#nodes.length)];
  }

  #startNode(): Promise<RaceNodeProcess> {
    const { arm, databaseUrl, redis, load } = this.#options;
    this.#started += 1;
    const settings = { arm, databaseUrl, redisUrl: redis.url, ...load };
    const nodeId = `race-node-${this.#started}`;
    return startRaceNode({ ...settings, nodeId }, (commit) => {
      for (const node of this.#nodes) node.committed(commit);
    });
  }
}

function summarise(
  reports: readonly NodeReport[],
  dead: readonly Progress[],
): Omit<RaceReport, 'faults'> {
  const total = (count: (progress: Progress) => number): number =>
    [...reports, ...dead].reduce((sum, progress) => sum + count(progress), 0);
  const left = (count: (report: NodeReport) => number): number =>
    reports.reduce((sum, report) => sum + count(report), 0);
  const lags = reports.flatMap((report) => report.lagsMs).toSorted((a, b) => a - b);
  const at = (share: number): number => lags[Math.floor((lags.length - 1) * share)] ?? 0;
  return {
    reads: total((progress) => progress.reads),
    writes: total((progress) => progress.writes),
    failedReads: total((progress) => progress.failedReads),
    failedWrites: total((progress) => progress.failedWrites),
    staleHere: total((progress) => progress.staleHere),
    staleAnywhere: total((progress) => progress.staleAnywhere),
    lostEvents: left((report) => report.lostEvents),
    diverged: left((report) => report.diverged),
    lagP50Ms: at(0.5),
    lagP99Ms: at(0.99),
    lagMaxMs: at(1),
    examples: reports.flatMap((report) => report.examples),
  };
}
