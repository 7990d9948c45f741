import { pino, type DestinationStream } from 'pino';
import pretty from 'pino-pretty';
import type { Logger } from '../domain/logger.ts';

const SECRET_FIELDS = ['authorization', 'password', 'secret', 'token', 'cookie'];

/**
 * JSON lines in production, readable ones in development. Fields that may hold a secret are cut, and
 * errors, under either usual name, are reduced to their text: a driver's error may carry the command that
 * failed, AUTH included.
 */
export function createLogger(options: {
  readonly production: boolean;
  readonly nodeId: string;
  /** Where the JSON lines go; standard output by default. */
  readonly destination?: DestinationStream;
}): Logger {
  const settings = {
    level: 'info',
    base: { nodeId: options.nodeId },
    redact: {
      paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      remove: true,
    },
    serializers: { err: describeError, error: describeError },
  };
  const { destination } = options;
  if (options.production) return destination ? pino(settings, destination) : pino(settings);
  return pino(
    settings,
    pretty({ sync: true, ignore: 'pid,hostname,nodeId', translateTime: 'SYS:HH:MM:ss.l' }),
  );
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = 'code' in error ? { code: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  return { type: error.name, message: error.message, stack: error.stack, ...code, ...cause };
}
