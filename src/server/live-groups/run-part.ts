import type { DocumentNode, ExecutionResult } from 'graphql';
import type { OperationSource } from '../operation-source.ts';
import type { Engine } from '../yoga.ts';
import type { LiveOperation } from './live-operation.ts';

export type Results = AsyncIterableIterator<ExecutionResult>;

/** Whether it was refused: a single result, which says why. */
export function isRefusal(results: Results | ExecutionResult): results is ExecutionResult {
  return !(Symbol.asyncIterator in results);
}

/** Runs one part of a stream through the envelope, where every plugin sees it; may reject. */
export async function runPart(
  engine: Engine,
  { operationName, variables }: LiveOperation,
  document: DocumentNode,
  source: OperationSource,
): Promise<Results | ExecutionResult> {
  const { schema, contextFactory, subscribe } = engine.getEnveloped({ source });
  const contextValue: unknown = await contextFactory();
  const args = { schema, document, operationName, variableValues: variables, contextValue };
  return (await subscribe(args)) as Results | ExecutionResult;
}
