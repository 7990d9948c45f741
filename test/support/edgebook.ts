import { fileURLToPath } from 'node:url';
import type { TokenRole } from '../../src/domain/viewer.ts';
import { childEnv } from './child-env.ts';
import { freePort } from './free-port.ts';
import { createPgliteFolder, type PgliteFolder } from './pglite.ts';
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

/** Where the node keeps its data, unless `env` says it. */
async function ownFolder(env: Readonly<Record<string, string>>): Promise<PgliteFolder | null> {
  return 'DATABASE_URL' in env || 'DATA_DIR' in env ? null : createPgliteFolder();
}

/**
 * Starts a node on a free port and resolves when it is ready; the caller stops it. It sees `env` and
 * nothing of our own environment but the path. Its data goes when it stops and the demo market stands
 * still unless `env` says otherwise.
 */
export async function startEdgebook(
  env: Readonly<Record<string, string>> = {},
): Promise<TestEdgebook> {
  const [port, folder] = [await freePort(), await ownFolder(env)];
  const origin = `http://127.0.0.1:${port}`;
  const server = await startServerProcess({
    command: process.execPath,
    args: ['src/main.ts'],
    cwd: ROOT,
    env: childEnv({
      PORT: String(port),
      DEMO_MARKET: 'false',
      ...(folder && { DATA_DIR: folder.dataDir }),
      ...env,
    }),
    readyLine: /\/graphql/,
    stopSignal: 'SIGTERM',
  });
  void server.ended.then(() => folder?.remove());
  const isReady = async (): Promise<boolean> => (await fetch(`${origin}/readyz`)).ok;
  try {
    await until(isReady, { what: 'the readiness of edgebook', everyMs: 50 });
  } catch (error) {
    await server.kill();
    throw error;
  }
  return { ...server, origin, devToken: (role) => findToken(server.output(), role) };
}
