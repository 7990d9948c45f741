import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Metrics } from './metrics.ts';
import type { SourceContext } from './operation-source.ts';

/** Times every query and mutation; a subscription is counted when it begins. */
export function metricsPlugin(metrics: Metrics): Plugin<SourceContext> {
  return {
    onExecute({ args }) {
      const operation = getOperationAST(args.document, args.operationName)?.operation ?? 'invalid';
      const startedAt = performance.now();
      return {
        onExecuteDone: ({ result }) => {
          const failed = !(Symbol.asyncIterator in result) && (result.errors?.length ?? 0) > 0;
          metrics.operation(
            operation,
            failed ? 'error' : 'ok',
            (performance.now() - startedAt) / 1000,
          );
        },
      };
    },
    onSubscribe({ args }) {
      if (!args.contextValue.source.accounted) return undefined;
      const startedAt = performance.now();
      return {
        onSubscribeResult: ({ result }) => {
          const opened = Symbol.asyncIterator in result;
          metrics.operation(
            'subscription',
            opened ? 'ok' : 'error',
            (performance.now() - startedAt) / 1000,
          );
        },
      };
    },
  };
}
