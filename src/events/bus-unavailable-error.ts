/** The bus cannot be reached now; what was to be published waits in the outbox. */
export class BusUnavailableError extends Error {
  override readonly name = 'BusUnavailableError';

  constructor(cause: unknown) {
    super('The event bus does not answer at the moment.', { cause });
  }
}
