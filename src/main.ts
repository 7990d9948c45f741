import { startApp } from './app.ts';
import { ConfigError, loadConfig } from './config.ts';

/** A stop that takes longer than this is cut off. */
const STOP_TIMEOUT_MS = 8_000;

try {
  const app = await startApp(loadConfig());
  process.stdout.write(app.text);
  const stop = async (): Promise<void> => {
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    await app.stop();
    process.exit(0);
  };
  // Not `once`: without a listener the second signal would kill the process in the middle of its stop.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
} catch (error) {
  const problems =
    error instanceof ConfigError
      ? error.problems
      : [error instanceof Error ? error.message : String(error)];
  process.stderr.write(`edgebook cannot start:\n${problems.map((line) => `  ${line}\n`).join('')}`);
  process.exit(1);
}
