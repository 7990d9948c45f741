import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../test/support/wait.ts';
import type { ClientMethods, Heard } from './client-main.ts';
import { ARM_NAMES, ARMS, type ArmName } from './doors.ts';
import { openFilesLimit, startPeer, type Remote } from './processes.ts';
import type { ServerMethods } from './server-main.ts';

const SERVER_CORE = 0;
const CLIENT_CORE = 1;
/** What a process has open besides its subscribers. */
const SPARE_FILES = 100;
const PROBE_PATIENCE_MS = 500;
const SETTLE_MS = 100;
const ROUND_PATIENCE_MS = 15_000;

/** A server and its clients, each a process of their own. */
export interface RunningArm {
  readonly arm: ArmName;
  readonly server: Remote<ServerMethods>;
  readonly clients: Remote<ClientMethods>;
  stop(): void;
}

/** Fails early where the system does not allow so many connections. */
export function assertOpenFiles(subscribers: number): void {
  const limit = openFilesLimit();
  const needed = subscribers + SPARE_FILES;
  if (limit >= needed) return;
  throw new Error(
    `${subscribers} subscribers need ${needed} open files per process, and \`ulimit -n\` is ${limit}: ` +
      `raise it with \`ulimit -n ${needed}\`, or run with --quick.`,
  );
}

export async function startArm(
  arm: ArmName,
  nodeOptions: readonly string[] = [],
): Promise<RunningArm> {
  const server = await startPeer<ServerMethods>({
    main: 'server-main.ts',
    args: [arm],
    core: SERVER_CORE,
    nodeOptions,
  });
  const clients = await startPeer<ClientMethods>({
    main: 'client-main.ts',
    args: [],
    core: CLIENT_CORE,
  });
  const stop = (): void => {
    clients.stop();
    server.stop();
  };
  return { arm, server: server.ask, clients: clients.ask, stop };
}

/** Starts every arm, and ends them all after `work`. */
export async function withArms<T>(work: (arms: readonly RunningArm[]) => Promise<T>): Promise<T> {
  const arms: RunningArm[] = [];
  try {
    for (const arm of ARM_NAMES) arms.push(await startArm(arm));
    return await work(arms);
  } finally {
    for (const arm of arms) arm.stop();
  }
}

let rounds = 0;

function nextRound(): number {
  rounds += 1;
  return rounds;
}

/** Adds clients until there are so many; resolves when a change reaches every one of them. */
export async function subscribe(
  { arm, server, clients }: RunningArm,
  subscribers: number,
): Promise<void> {
  const { transport, name } = ARMS[arm];
  await clients.connect({ transport, port: await server.port() }, subscribers);
  const reachesAll = async (): Promise<boolean> => {
    const round = nextRound();
    await clients.listen(round);
    await server.probe(round);
    return (await clients.heard(subscribers, PROBE_PATIENCE_MS)).deliveries === subscribers;
  };
  await until(reachesAll, { what: `a change for each subscriber of ${name}` });
  await sleep(SETTLE_MS);
}

/** How much is published in one round. */
export interface Load {
  readonly subscribers: number;
  readonly changes: number;
  readonly everyMs: number;
}

/** What a round gave. */
export interface Round extends Heard {
  /** Of the server's process, per delivery. */
  readonly cpuMicros: number;
}

/** Publishes to the subscribers and waits until all have heard everything. */
export async function runRound(
  { arm, server, clients }: RunningArm,
  { subscribers, changes, everyMs }: Load,
): Promise<Round> {
  const expected = subscribers * changes;
  const round = nextRound();
  await clients.listen(round);
  await server.publish(round, changes, everyMs);
  const heard = await clients.heard(expected, ROUND_PATIENCE_MS);
  if (heard.deliveries !== expected)
    throw new Error(`${ARMS[arm].name} delivered ${heard.deliveries} of ${expected} changes`);
  return { ...heard, cpuMicros: (await server.cpuMicros()) / expected };
}
