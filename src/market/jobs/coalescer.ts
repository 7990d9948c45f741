/** Runs one at a time; callers that come during a run share the one that starts after it. */
export function createCoalescer(): (work: () => Promise<void>) => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const begin = (work: () => Promise<void>): Promise<void> => {
    next = null;
    running = work().finally(() => {
      running = null;
    });
    return running;
  };
  return (work) => {
    if (!running) return begin(work);
    next ??= running.then(() => begin(work));
    return next;
  };
}
