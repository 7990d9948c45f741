import {
  getOperationAST,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import { apiError } from '../graphql/errors.ts';
import { liveOperation, type LiveOperation } from './live-groups/live-operation.ts';
import type { MaskError } from './masking.ts';
import type { OperationParams } from './operation-params.ts';
import type { OperationSource } from './operation-source.ts';
import type { Engine } from './yoga.ts';

/** What an operation turned out to be. */
export type Prepared =
  /** It is not run; masked. */
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] }
  /** A query or mutation; `run` never rejects. */
  | { readonly kind: 'answer'; readonly run: () => Promise<ExecutionResult> }
  | { readonly kind: 'stream'; readonly operation: LiveOperation };

/** Reads a client's operation at the doors that do not go through Yoga's handler; never throws. */
export type PrepareOperation = (
  source: OperationSource,
  params: OperationParams,
  lastEventId?: string | null,
) => Prepared;

export interface OperationsOptions {
  readonly engine: Engine;
  readonly mask: MaskError;
  /** Whether all viewers of a valid subscription are sent the same. */
  readonly isPublicStream: (document: DocumentNode, schema: GraphQLSchema) => boolean;
}

/** Operations run in Yoga's envelope, where masking, limits and metrics are those of requests. */
export function createOperations(options: OperationsOptions): PrepareOperation {
  const { engine, mask, isPublicStream } = options;

  function prepare(
    source: OperationSource,
    params: OperationParams,
    lastEventId: string | null,
  ): Prepared {
    const { parse, validate, schema, contextFactory, execute } = engine.getEnveloped({ source });
    const document = parse(params.query) as DocumentNode;
    const errors = validate(schema, document) as readonly GraphQLError[];
    if (errors.length > 0) return { kind: 'refused', errors };
    const operation = getOperationAST(document, params.operationName);
    if (!operation) throw unknownOperation();
    if (operation.operation === OperationTypeNode.SUBSCRIPTION) {
      const isPublic = isPublicStream(document, schema);
      const known = { schema, document, operation, params, source, isPublic, lastEventId };
      return { kind: 'stream', operation: liveOperation(known) };
    }
    const { operationName = null, variables = null } = params;
    return {
      kind: 'answer',
      run: async () => {
        try {
          const contextValue: unknown = await contextFactory();
          const args = { schema, document, operationName, variableValues: variables, contextValue };
          return (await execute(args)) as ExecutionResult;
        } catch (error) {
          return { errors: [mask(error)] };
        }
      },
    };
  }

  return (source, params, lastEventId = null) => {
    try {
      return prepare(source, params, lastEventId);
    } catch (error) {
      return { kind: 'refused', errors: [mask(error)] };
    }
  };
}

function unknownOperation(): GraphQLError {
  const message =
    'The document holds no such operation, or several and `operationName` names none.';
  return apiError('GRAPHQL_VALIDATION_FAILED', {}, message);
}
