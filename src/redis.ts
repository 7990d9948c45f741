import type { ConnectionOptions } from 'node:tls';
import { Redis } from 'ioredis';
import type { Logger } from './domain/logger.ts';

export interface RedisSettings {
  /** `redis://` or `rediss://`, with user, password and database number where needed. */
  readonly url: string;
  /** CA, client certificate and key; checks of the server's certificate cannot be switched off. */
  readonly tls?: Pick<ConnectionOptions, 'ca' | 'cert' | 'key'>;
  readonly connectionName?: string;
}

/** The two connections of a node: commands time out fast, and a subscriber can do nothing else. */
export interface RedisConnections {
  readonly commands: Redis;
  readonly subscriber: Redis;
  /** Drops both at once; what is under way is rejected. */
  close(): void;
}

const COMMAND_TIMEOUT_MS = 150;
const CONNECT_TIMEOUT_MS = 2000;
const MAX_RECONNECT_DELAY_MS = 1000;
const RECONNECT_STEP_MS = 50;

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
    close: () => {
      commands.disconnect();
      subscriber.disconnect();
    },
  };
}

function connect(settings: RedisSettings, role: string, logger: Logger): Redis {
  const client = new Redis(settings.url, {
    connectionName: `${settings.connectionName ?? 'edgebook'}-${role}`,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    // The bus subscribes anew itself: silent resubscribing would hide what was missed.
    autoResubscribe: false,
    retryStrategy: (attempt) => Math.min(attempt * RECONNECT_STEP_MS, MAX_RECONNECT_DELAY_MS),
    // A demoted master answers READONLY: find the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    ...(settings.tls && { tls: settings.tls }),
  });
  logConnection(client, role, logger);
  return client;
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
