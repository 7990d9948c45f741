import type { Plugin } from 'graphql-yoga';
import { apiError } from '../graphql/errors.ts';
import type { SourceContext } from './operation-source.ts';

/** Streams are run by the live groups, part by part: nobody else's subscription is executed. */
export function streamsElsewherePlugin(): Plugin<SourceContext> {
  return {
    onSubscribe({ args, setResultAndStopExecution }) {
      if (args.contextValue.source.partOf) return;
      const message = 'A subscription needs `accept: text/event-stream` or a WebSocket.';
      const refusal = apiError('BAD_USER_INPUT', { http: { status: 406 } }, message);
      setResultAndStopExecution({ errors: [refusal] });
    },
  };
}
