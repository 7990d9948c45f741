import type { Client, FormattedExecutionResult, Sink, SubscribePayload } from 'graphql-ws';

const SUBSCRIPTION = /^\s*subscription\b/m;

/** The queries of a socket that are under way: pushes may overtake their answers. */
export class UnderWay {
  readonly #answers = new Set<Promise<void>>();

  /** The same socket, whose queries are known here. */
  watch(socket: Client): Client {
    return {
      ...socket,
      subscribe: <Data, Extensions>(
        payload: SubscribePayload,
        sink: Sink<FormattedExecutionResult<Data, Extensions>>,
      ) => {
        if (SUBSCRIPTION.test(payload.query)) return socket.subscribe(payload, sink);
        const answered = this.#begin();
        const leave = socket.subscribe<Data, Extensions>(payload, {
          next: (result) => sink.next(result),
          error: (reason) => {
            sink.error(reason);
            answered();
          },
          complete: () => {
            sink.complete();
            answered();
          },
        });
        return () => {
          leave();
          answered();
        };
      },
    };
  }

  /** Does the work now and, if queries are under way, once more when they are answered. */
  async twice(work: () => void): Promise<void> {
    const answers = [...this.#answers];
    work();
    if (answers.length === 0) return;
    await Promise.all(answers);
    work();
  }

  #begin(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#answers.add(promise);
    // A turn later, so that whoever asked has kept the answer.
    return () =>
      void setTimeout(() => {
        this.#answers.delete(promise);
        resolve();
      });
  }
}
