import type { ConnectionOptions } from 'node:tls';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Logger } from './domain/logger.ts';

export interface RedisSettings {
  /** `redis://` or `rediss://`, with user, password and database number where needed. */
  readonly url: string;
  /** CA, client certificate and key; checks of the server's certificate cannot be switched off. */
  readonly tls?: Pick<ConnectionOptions, 'ca' | 'cert' | 'key'>;
  /** The address is one of a Redis Cluster's. */
  readonly cluster?: boolean;
  /** The URL's host is the name of a master that these know. */
  readonly sentinels?: Sentinels;
  readonly connectionName?: string;
}

/** Who knows which server is the master. */
export interface Sentinels {
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  /** Null = they demand none. */
  readonly password: string | null;
}

/** The two connections of a node: commands time out fast, and a subscriber can do nothing else. */
export interface RedisConnections {
  readonly commands: Redis;
  readonly subscriber: Redis;
  /** A cluster: channels live in shards. */
  readonly sharded: boolean;
  /** Drops both at once; what is under way is rejected. */
  close(): void;
}

const COMMAND_TIMEOUT_MS = 150;
const CONNECT_TIMEOUT_MS = 2000;
const DISCONNECT_TIMEOUT_MS = 200;
const MAX_RECONNECT_DELAY_MS = 1000;
const RECONNECT_STEP_MS = 50;
const SLOTS_REFRESH_MS = 1000;
const MAX_REDIRECTIONS = 3;
const DEFAULT_PORT = 6379;
/** Seldom: the client writes each failure to the console, and the other Sentinels tell the same. */
const SENTINEL_RECONNECT_MS = 10_000;

/**
 * Connects, and reconnects for ever. Nothing waits for a connection that is away: a command is refused
 * at once without one and after 150 ms with a silent one, so that reads fall through to the database.
 */
export function connectRedis(settings: RedisSettings, logger: Logger): RedisConnections {
  const commands = connect(settings, 'commands', logger);
  const subscriber = connect(settings, 'subscriber', logger);
  return {
    commands,
    subscriber,
    sharded: settings.cluster === true,
    close: () => {
      commands.disconnect();
      subscriber.disconnect();
    },
  };
}

function connect(settings: RedisSettings, role: string, logger: Logger): Redis {
  const client = settings.cluster ? clusterClient(settings, role) : singleClient(settings, role);
  logConnection(client, role, logger);
  return client;
}

function optionsOf(settings: RedisSettings, role: string): RedisOptions {
  return {
    connectionName: `${settings.connectionName ?? 'edgebook'}-${role}`,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // A frozen server does not answer a goodbye either.
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    // Not in the least-privilege ACL, and nothing of ours reads it.
    disableClientInfo: true,
    ...(settings.tls && { tls: settings.tls }),
  };
}

function singleClient(settings: RedisSettings, role: string): Redis {
  // A demoted master answers READONLY, at times inside a script's error: once is enough to look for
  // the new one, however many commands are answered so.
  let isLeaving = false;
  const client = new Redis(settings.url, {
    ...optionsOf(settings, role),
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    // A publication goes out alone and is waited for: a turn of the event loop would only delay it.
    autoPipeliningIgnoredCommands: ['invalidate'],
    // The bus subscribes anew itself: silent resubscribing would hide what was missed.
    autoResubscribe: false,
    retryStrategy: reconnectDelay,
    ...(settings.sentinels && sentinelOptions(settings, settings.sentinels)),
    reconnectOnError: (error) => {
      if (isLeaving || !error.message.includes('READONLY')) return false;
      isLeaving = true;
      return true;
    },
  });
  client.on('close', () => {
    isLeaving = false;
  });
  return client;
}

/** Asks the Sentinels where the master is, and hears from them when it is another one. */
function sentinelOptions({ url, tls }: RedisSettings, sentinels: Sentinels): RedisOptions {
  const { addresses, password } = sentinels;
  return {
    sentinels: [...addresses],
    name: new URL(url).hostname,
    role: 'master',
    failoverDetector: true,
    sentinelCommandTimeout: CONNECT_TIMEOUT_MS,
    sentinelRetryStrategy: reconnectDelay,
    sentinelReconnectStrategy: () => SENTINEL_RECONNECT_MS,
    ...(password !== null && { sentinelPassword: password }),
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: tls }),
  };
}

/**
 * A client of a whole cluster. It has the commands of a single one, which is all that its users need.
 * It subscribes anew by itself when a shard moves; what was missed meanwhile the bus reads from the log.
 */
function clusterClient(settings: RedisSettings, role: string): Redis {
  const { hostname, port, username, password } = new URL(settings.url);
  const seed = { host: hostname, port: Number(port || DEFAULT_PORT) };
  const cluster = new Cluster([seed], {
    redisOptions: {
      ...optionsOf(settings, role),
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
    },
    enableOfflineQueue: false,
    // No automatic pipelines: they take a script's number of keys for its first key.
    shardedSubscribers: true,
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    maxRedirections: MAX_REDIRECTIONS,
    clusterRetryStrategy: reconnectDelay,
  });
  return cluster as unknown as Redis;
}

function reconnectDelay(attempt: number): number {
  return Math.min(attempt * RECONNECT_STEP_MS, MAX_RECONNECT_DELAY_MS);
}

/** Without an error listener the client would write to the console; it retries whatever happens. */
function logConnection(client: Redis, role: string, logger: Logger): void {
  let lastMessage = '';
  client.on('error', (error: Error) => {
    if (error.message === lastMessage) return;
    lastMessage = error.message;
    logger.warn({ err: error, role }, 'The Redis connection failed; retrying.');
  });
  client.on('ready', () => {
    lastMessage = '';
    logger.info({ role }, 'Redis is connected.');
  });
}
