/** The answer, or `fallback` where it fails or takes longer than `limitMs`. */
export async function inTime<T>(answer: Promise<T>, limitMs: number, fallback: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(fallback), limitMs);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } catch {
    return fallback;
  } finally {
    clearTimeout(timer);
  }
}
