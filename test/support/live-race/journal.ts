/** What one subscriber was told wrongly, and what it went through. */
export interface Findings {
  /** Pushes of a version that is not newer than one pushed before: backwards or doubled. */
  wentBack: number;
  /** Versions left out without a start that says so. */
  missed: number;
  /** Questions asked because of a push, at the node that pushed, whose answer was older than the push. */
  staleAnswers: number;
  changes: number;
  resumed: number;
  /** Starts that say that something may be missing, the first one not counted. */
  startedAnew: number;
  questions: number;
  readonly examples: string[];
}

export interface PushedVersion {
  readonly unit: string;
  readonly version: number;
}

const KEPT_EXAMPLES = 5;

/**
 * The judge of one subscriber. After a start that says `resumed: false` it knows nothing, as a client
 * that has to fetch again; what it then fetches may be older or newer than the next push, but from
 * the first push on every version of a unit must come, each once.
 */
export class Journal {
  readonly findings: Findings = {
    wentBack: 0,
    missed: 0,
    staleAnswers: 0,
    changes: 0,
    resumed: 0,
    startedAnew: 0,
    questions: 0,
    examples: [],
  };
  /** Of every unit, what was pushed last since the last start. */
  readonly #pushed = new Map<string, number>();
  /** Of every unit, what was fetched after the last start. */
  readonly #fetched = new Map<string, number>();
  #starts = 0;

  started(resumed: boolean): void {
    if (resumed) {
      this.findings.resumed += 1;
      return;
    }
    this.#starts += 1;
    if (this.#starts > 1) this.findings.startedAnew += 1;
    this.#pushed.clear();
    this.#fetched.clear();
  }

  /** Which start is the present one: what was asked for before it says nothing about now. */
  get era(): number {
    return this.#starts;
  }

  fetched(era: number, { unit, version }: PushedVersion): void {
    if (era === this.#starts) this.#fetched.set(unit, version);
  }

  pushed({ unit, version }: PushedVersion): void {
    this.findings.changes += 1;
    const last = this.#pushed.get(unit);
    const expected = (last ?? this.#fetched.get(unit) ?? version) + 1;
    if (version > expected) this.#complain('missed', `${unit} ${expected}, got ${version}`);
    if (last !== undefined && version <= last)
      this.#complain('wentBack', `${unit} ${last}, then ${version}`);
    this.#pushed.set(unit, version);
  }

  answered(pushed: PushedVersion, version: number): void {
    this.findings.questions += 1;
    if (version >= pushed.version) return;
    this.#complain('staleAnswers', `${pushed.unit} ${pushed.version} pushed, ${version} answered`);
  }

  /** The version of a unit that this subscriber would show now; null when it knows none. */
  shown(unit: string): number | null {
    const [pushed = 0, fetched = 0] = [this.#pushed.get(unit), this.#fetched.get(unit)];
    return Math.max(pushed, fetched) || null;
  }

  #complain(what: 'wentBack' | 'missed' | 'staleAnswers', example: string): void {
    this.findings[what] += 1;
    if (this.findings.examples.length < KEPT_EXAMPLES)
      this.findings.examples.push(`${what}: ${example}`);
  }
}
