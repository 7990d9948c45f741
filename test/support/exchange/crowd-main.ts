import { UserError } from '../../../src/domain/errors.ts';
import { startMarketNode } from '../market-node.ts';
import { CrowdCommands, NOTHING_TO_DO } from './crowd-commands.ts';
import type { CrowdSettings, FromCrowd, ToCrowd } from './crowd-types.ts';

/** A process of the crowd: one market node and a few clients that never rest. */

const MAX_FAILURES = 5;

const settings = JSON.parse(process.argv[2] ?? '{}') as CrowdSettings;
const { nodeId, redisUrl, databaseUrl } = settings;
const database = { url: databaseUrl };
const node = await startMarketNode({ database, redisUrl, nodeId, jobs: true });
const commands = new CrowdCommands(node.market, settings);
const answers: Record<string, number> = {};
const failures: string[] = [];
let running = true;

const tell = (message: FromCrowd): void => void process.send?.(message);

async function client(): Promise<void> {
  while (running) {
    const [name, act] = commands.next();
    const answer = `${name} ${await codeOf(name, act())}`;
    answers[answer] = (answers[answer] ?? 0) + 1;
  }
}

async function codeOf(name: string, act: Promise<unknown>): Promise<string> {
  try {
    return (await act) === NOTHING_TO_DO ? NOTHING_TO_DO : 'OK';
  } catch (error) {
    if (error instanceof UserError) return error.code;
    if (failures.length < MAX_FAILURES) failures.push(`${name}: ${String(error)}`);
    return 'FAILED';
  }
}

const clients = Promise.all(Array.from({ length: settings.atOnce }, client));

async function rest(): Promise<void> {
  running = false;
  await clients;
}

async function finish(): Promise<void> {
  await rest();
  tell({ kind: 'report', report: { answers, failures } });
}

async function stop(): Promise<void> {
  await rest();
  await node.stop();
  process.exit();
}

process.on('message', ({ kind }: ToCrowd) => void (kind === 'finish' ? finish() : stop()));
process.on('disconnect', () => process.exit());
tell({ kind: 'ready' });
