import { fileURLToPath } from 'node:url';
import type { TokenRole } from '../../src/domain/viewer.ts';
import { freePort } from './free-port.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';
import { until } from './wait.ts';

/** A real edgebook process, as `npm start` runs it. */
export interface TestEdgebook extends ServerProcess {
  /** `http://127.0.0.1:PORT`, without a path. */
  readonly origin: string;
  /** One of the tokens that it printed at its start. */
  devToken(role: TokenRole): string;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const JWT = String.raw`[\w-]+\.[\w-]+\.[\w-]+`;

function findToken(output: string, role: TokenRole): string {
  const token = new RegExp(`${role}\\b.*?(${JWT})`, 's').exec(output)?.[1];
  if (token === undefined) throw new Error(`no token for ${role} was printed:\n${output}`);
  return token;
}

/**
 * Starts a node on a free port and resolves when it is ready; the caller stops it. It sees `env` and
 * nothing of our own environment but the path. Data is kept in memory and the demo market stands
 * still unless `env` says otherwise.
 */
export async function startEdgebook(
  env: Readonly<Record<string, string>> = {},
): Promise<TestEdgebook> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = await startServerProcess({
    command: process.execPath,
    args: ['src/main.ts'],
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: String(port),
      DATA_DIR: 'memory',
      DEMO_MARKET: 'false',
      ...env,
    },
    readyLine: /\/graphql/,
    stopSignal: 'SIGTERM',
  });
  const isReady = async (): Promise<boolean> => (await fetch(`${origin}/readyz`)).ok;
  try {
    await until(isReady, { what: 'the readiness of edgebook', everyMs: 50 });
  } catch (error) {
    await server.kill();
    throw error;
  }
  return { ...server, origin, devToken: (role) => findToken(server.output(), role) };
}
