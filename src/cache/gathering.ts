interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Items that travel together: bounds for how long one command holds up the server. */
const MAX_TOGETHER = 64;

/**
 * Puts together what many ask in one turn of the event loop, so that it goes out as one command. Nobody
 * waits longer for it: commands of one turn leave the process together anyway.
 */
export class Gathering<Item, Answer> {
  /** Gives one answer per item, in order; what it rejects with, all that asked are told. */
  readonly #answer: (items: readonly Item[]) => Promise<readonly Answer[]>;
  #waiting: Waiting<Item, Answer>[] = [];

  constructor(answer: (items: readonly Item[]) => Promise<readonly Answer[]>) {
    this.#answer = answer;
  }

  ask(item: Item): Promise<Answer> {
    // After the promises that are settled now: those who wait for them ask in this turn, too.
    if (this.#waiting.length === 0) process.nextTick(() => this.#sendAll());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
    });
  }

  #sendAll(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let start = 0; start < waiting.length; start += MAX_TOGETHER) {
      void this.#send(waiting.slice(start, start + MAX_TOGETHER));
    }
  }

  async #send(waiting: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.#answer(waiting.map(({ item }) => item));
      for (const [index, { resolve, reject }] of waiting.entries()) {
        const answer = answers[index];
        if (answer === undefined) reject(new RangeError('An answer is missing.'));
        else resolve(answer);
      }
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
