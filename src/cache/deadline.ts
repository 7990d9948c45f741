import { StoreUnavailableError } from '../domain/errors.ts';

/** A loader gives up after this long; its fill would be refused after 20 s anyway. */
const LOAD_DEADLINE_MS = 10_000;

/** The load's result, or `StoreUnavailableError` when it takes longer than 10 s. */
export async function withinDeadline<T>(load: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const cause = new Error(`A load took longer than ${LOAD_DEADLINE_MS} ms.`);
      reject(new StoreUnavailableError(cause));
    }, LOAD_DEADLINE_MS);
  });
  try {
    return await Promise.race([load, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
