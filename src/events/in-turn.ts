/**
 * Lets a number of calls run at once and the others wait for their turn, first come, first served: when
 * a node dies, all of its clients ask the others for what they missed at the same moment.
 */
export function createInTurn(limit: number): <T>(call: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (call) => {
    if (running < limit) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await call();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
