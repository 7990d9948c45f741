import type { Commit, RaceKey } from './types.ts';

/**
 * How long after its acknowledgement a write may stay unseen on another node: a node that misses events
 * knows it within the blind lease of 3 s, and a writer that was frozen between commit and publication
 * is overtaken by another node's relay. One second more for a busy machine.
 */
export const GRACE_MS = 4_000;

const KEPT_EXAMPLES = 5;

/** What must be seen by a read that begins now. */
export interface Expected {
  readonly here: number;
  readonly anywhere: number;
}

/**
 * The judge of one node. It knows what this node has applied, acknowledged or answered (`here`) and what
 * was acknowledged anywhere longer ago than the grace (`anywhere`); both are taken when a read begins,
 * so that whatever overlaps a read is never held against it.
 */
export class Oracle {
  staleHere = 0;
  staleAnywhere = 0;
  readonly examples: string[] = [];
  readonly #here = new Map<RaceKey, number>();
  readonly #anywhere = new Map<RaceKey, number>();
  readonly #young: Commit[] = [];
  readonly #missing = new Set<string>();
  readonly #heard = new Set<string>();
  #before: ReadonlyMap<RaceKey, number> = new Map();

  /** What was committed when the node began to listen, or before: it need not hear of that. */
  listensSince(before: ReadonlyMap<RaceKey, number>): void {
    this.#before = before;
  }

  /** This node has applied a version, or answered it, or was told that its own write of it is done. */
  know(key: RaceKey, version: number): void {
    raise(this.#here, key, version);
  }

  heard(key: RaceKey, version: number): void {
    this.know(key, version);
    const id = `${key}#${version}`;
    if (!this.#missing.delete(id)) this.#heard.add(id);
  }

  /** Some node was answered. */
  committed(commit: Commit): void {
    this.#young.push(commit);
    if (commit.version <= (this.#before.get(commit.key) ?? 0)) return;
    const id = `${commit.key}#${commit.version}`;
    if (!this.#heard.delete(id)) this.#missing.add(id);
  }

  /** Commits whose event has not come yet. */
  missing(): number {
    return this.#missing.size;
  }

  /** To be asked before a read. */
  expected(key: RaceKey): Expected {
    this.#ripen();
    return { here: this.#here.get(key) ?? 0, anywhere: this.#anywhere.get(key) ?? 0 };
  }

  judge(key: RaceKey, version: number, expected: Expected): void {
    this.know(key, version);
    if (version < expected.here) this.staleHere += 1;
    if (version < expected.anywhere) this.staleAnywhere += 1;
    const least = Math.max(expected.here, expected.anywhere);
    if (version >= least || this.examples.length >= KEPT_EXAMPLES) return;
    const bounds = `${expected.here} here, ${expected.anywhere} anywhere`;
    this.examples.push(`${key} answered ${version}, expected at least ${bounds}`);
  }

  #ripen(): void {
    const ripeBefore = Date.now() - GRACE_MS;
    while (this.#young[0] && this.#young[0].ackedAtMs <= ripeBefore) {
      const commit = this.#young.shift();
      if (commit) raise(this.#anywhere, commit.key, commit.version);
    }
  }
}

function raise(map: Map<RaceKey, number>, key: RaceKey, version: number): void {
  if (version > (map.get(key) ?? 0)) map.set(key, version);
}
