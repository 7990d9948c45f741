import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { apiError } from '../graphql/errors.ts';
import type { ConnectionCounter } from './connections.ts';
import { liveOperation } from './live-operation.ts';
import type { MaskError } from './masking.ts';
import type { Metrics } from './metrics.ts';
import type { SourceContext } from './operation-source.ts';

export interface LivePluginOptions {
  readonly connections: ConnectionCounter;
  readonly mask: MaskError;
  readonly metrics: Metrics;
}

/** Opens, counts and ends subscriptions: one place for SSE and WebSocket. */
export function livePlugin({
  connections,
  mask,
  metrics,
}: LivePluginOptions): Plugin<SourceContext> {
  return {
    onSubscribe({ args, setResultAndStopExecution }) {
      const { source } = args.contextValue;
      if (source.transport === 'http') {
        setResultAndStopExecution({ errors: [notAStream()] });
        return undefined;
      }
      const leave =
        source.transport === 'sse' ? connections.enter('sse', source.address) : () => {};
      if (!leave) {
        setResultAndStopExecution({ errors: [tooManyStreams()] });
        return undefined;
      }
      return {
        onSubscribeResult: ({ result, setResult }) => {
          if (!(Symbol.asyncIterator in result)) {
            leave();
            return;
          }
          metrics.subscriptionStarted(source.transport);
          const onEnd = (): void => {
            leave();
            metrics.subscriptionEnded(source.transport);
          };
          const options = {
            mask,
            signal: source.signal,
            onDelivered: () => metrics.delivered(),
            onEnd,
          };
          setResult(liveOperation(result as AsyncIterable<ExecutionResult>, options));
        },
        onSubscribeError: leave,
      };
    },
  };
}

function notAStream(): GraphQLError {
  const message = 'A subscription needs `accept: text/event-stream` or a WebSocket.';
  return apiError('BAD_USER_INPUT', { http: { status: 406 } }, message);
}

function tooManyStreams(): GraphQLError {
  const message = 'Too many streams are open from this address.';
  return apiError('THROTTLED', { http: { status: 429 } }, message);
}
