/** As much of a Redis client as a probe needs. */
export interface ProbedClient {
  readonly status: string;
  info(section: string): Promise<string>;
  on(event: 'close', listener: () => void): unknown;
}

export interface RedisReading {
  /** It answered the question just asked. */
  readonly answers: boolean;
  readonly usedBytes: number | null;
  /** Share of its memory limit; null without a limit or an answer. */
  readonly memoryPercent: number | null;
}

export interface RedisProbe {
  /** Asks Redis; never rejects, and takes as long as the client's own time-out. */
  read(): Promise<RedisReading>;
  /** Connections that broke or could not be made in the last minute. */
  failuresPerMinute(): number;
}

const WINDOW_MS = 60_000;
/** More than any threshold; bounds what is remembered while Redis is away. */
const MAX_FAILURES = 1000;
const UNKNOWN: RedisReading = { answers: false, usedBytes: null, memoryPercent: null };

/** Watches a node's connections: whether Redis answers, how full it is, how often connections fail. */
export function createRedisProbe(
  commands: ProbedClient,
  others: readonly Pick<ProbedClient, 'on'>[],
  now: () => number = () => performance.now(),
): RedisProbe {
  let failures: number[] = [];
  const onClose = (): void => {
    failures = [...recent(failures, now()), now()].slice(-MAX_FAILURES);
  };
  for (const client of [commands, ...others]) client.on('close', onClose);

  return {
    read: async () => {
      try {
        return toReading(await commands.info('memory'));
      } catch {
        return UNKNOWN;
      }
    },
    failuresPerMinute: () => recent(failures, now()).length,
  };
}

function recent(instants: readonly number[], now: number): number[] {
  return instants.filter((at) => now - at < WINDOW_MS);
}

function toReading(info: string): RedisReading {
  const number = (name: string): number | null => {
    const text = new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1];
    return text === undefined ? null : Number(text);
  };
  const [used, limit] = [number('used_memory'), number('maxmemory')];
  const memoryPercent = used !== null && limit ? (100 * used) / limit : null;
  return { answers: true, usedBytes: used, memoryPercent };
}
