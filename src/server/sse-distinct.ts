import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import { COMPLETE_EVENT, EventStream } from './event-stream.ts';
import type { LiveGroups } from './live-groups/live-groups.ts';
import type { LiveOperation } from './live-groups/live-operation.ts';
import { SharedResult } from './live-groups/shared-result.ts';
import type { LiveLimits } from './live-limits.ts';
import type { OperationParams } from './operation-params.ts';
import type { OperationSource } from './operation-source.ts';
import type { PrepareOperation } from './operations.ts';

export interface SseOptions {
  readonly prepare: PrepareOperation;
  readonly live: LiveGroups;
  readonly limits: LiveLimits;
}

/** Serves a subscription over a connection of its own; false = it is none, and nothing was done. */
export type DistinctSse = (
  request: IncomingMessage,
  response: ServerResponse,
  source: OperationSource,
  params: OperationParams,
) => boolean;

/** Without the word there is no subscription: most requests need no second look. */
const SUBSCRIPTION = /\bsubscription\b/;

/** graphql-sse's distinct connections on `/graphql`; queries that accept a stream are Yoga's. */
export function createDistinctSse({ prepare, live, limits }: SseOptions): DistinctSse {
  function follow(
    response: ServerResponse,
    source: OperationSource,
    operation: LiveOperation,
  ): void {
    const leave = limits.openStream(source);
    const stream = new EventStream(response);
    const outlet = {
      transport: 'sse',
      pressure: stream.pressure,
      next: ({ event }: SharedResult) => stream.write(event),
      complete: () => {
        stream.write(COMPLETE_EVENT);
        stream.end();
      },
    } as const;
    const letGo = live.subscribe(operation, outlet);
    response.on('close', () => {
      leave();
      letGo();
    });
  }

  return (request, response, source, params) => {
    if (!SUBSCRIPTION.test(params.query)) return false;
    // Gone while its token was looked at: nothing would ever take it out again.
    if (response.destroyed) return true;
    const prepared = prepare(source, params, lastEventIdOf(request));
    if (prepared.kind === 'stream') follow(response, source, prepared.operation);
    else if (prepared.kind === 'refused') refuse(response, prepared.errors);
    return prepared.kind !== 'answer';
  };
}

/** Over the stream that was asked for: a browser's EventSource cannot read anything else. */
function refuse(response: ServerResponse, errors: readonly GraphQLError[]): void {
  const stream = new EventStream(response);
  stream.write(new SharedResult({ errors }).event);
  stream.write(COMPLETE_EVENT);
  stream.end();
}

function lastEventIdOf({ headers }: IncomingMessage): string | null {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : null;
}
