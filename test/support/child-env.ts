/**
 * The environment of a process that a test starts: `env` and nothing of our own but the path, and the
 * folder where Node keeps compiled modules, without which each start compiles them again.
 */
export function childEnv(env: Readonly<Record<string, string>>): Record<string, string> {
  const { PATH = '', NODE_COMPILE_CACHE } = process.env;
  return { PATH, ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }), ...env };
}
