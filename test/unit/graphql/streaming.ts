import { parse, subscribe, type ExecutionResult } from 'graphql';
import { onTestFinished } from 'vitest';
import type { CacheEvent } from '../../../src/domain/cache-event.ts';
import { unitKey } from '../../../src/domain/cache-key.ts';
import { partitionOf } from '../../../src/domain/partition.ts';
import type { GraphqlContext } from '../../../src/graphql/context.ts';
import { schema } from '../../../src/graphql/schema.ts';
import { NOON } from './world.ts';

/** Subscriptions as the server executes them, and events as the log brings them. */

export const UNIT = 'east/a100/0001';
let sequence = 100n;

export function publish({ live }: GraphqlContext, parts: Partial<CacheEvent>): void {
  sequence += 1n;
  const event: CacheEvent = {
    eventId: `event-${sequence}`,
    type: 'GPU_AVAILABILITY_CHANGED',
    resourceId: UNIT,
    data: {},
    timestamp: NOON,
    sourceNode: 'node-1',
    affectedNamespaces: ['GPU_AVAILABILITY'],
    keys: [unitKey(UNIT)],
    region: 'east',
    version: 2,
    ...parts,
  };
  live.publish({ event, partition: partitionOf(event.region), base: 0n, sequence });
}

export async function open(
  context: GraphqlContext,
  source: string,
): Promise<ExecutionResult | Stream> {
  const result = await subscribe({ schema, document: parse(source), contextValue: context });
  if (!('next' in result)) return result;
  onTestFinished(async () => {
    await result.return?.();
  });
  const next = async (): Promise<unknown> => {
    const { value, done } = (await result.next()) as IteratorResult<ExecutionResult, undefined>;
    return done ? 'ended' : (JSON.parse(JSON.stringify(value.errors ?? value.data)) as unknown);
  };
  return { next };
}

export interface Stream {
  readonly next: () => Promise<unknown>;
}

export async function stream(context: GraphqlContext, source: string): Promise<Stream> {
  return (await open(context, source)) as Stream;
}
