import { createHash } from 'node:crypto';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { encodeConsistencyToken } from '../../domain/consistency-token.ts';
import type { EpochMs } from '../../domain/time.ts';
import { positionVariable, resumedAfter } from '../../graphql/stream-position.ts';
import type { OperationSource } from '../operation-source.ts';
import type { OperationParams } from '../operation-params.ts';
import { streamOf, tailDocument } from './tail-document.ts';

/** A valid subscription of one client, and which others it is equal to. */
export interface LiveOperation {
  /** Equal operations have the same: one execution of the tail serves them. */
  readonly key: string;
  /** The name of the stream in the schema; null where the document names none. */
  readonly stream: string | null;
  /** The document without a position, for the group that the operation may be the first of. */
  readonly tailDocument: () => DocumentNode;
  /** The same document from the position that the client asks for. */
  readonly openingDocument: DocumentNode;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly source: OperationSource;
  /** All viewers are sent the same. */
  readonly isPublic: boolean;
  /** When a private stream ends; null = with the client. */
  readonly endsAt: EpochMs | null;
  /** A client that missed a result begins anew instead of being sent what it missed. */
  readonly restarts: boolean;
}

/** Streams whose first result shows everything: whoever is behind needs that one alone. */
const RESTARTING_STREAMS: ReadonlySet<string> = new Set(['orderBookUpdated']);

export interface LiveOperationOptions {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly params: OperationParams;
  readonly source: OperationSource;
  readonly isPublic: boolean;
  /** The `Last-Event-ID` of a browser that comes back; null without one. */
  readonly lastEventId: string | null;
}

export function liveOperation(options: LiveOperationOptions): LiveOperation {
  const { schema, document, operation, params, source, isPublic, lastEventId } = options;
  const variables = params.variables ?? {};
  const stream = streamOf(operation, document);
  return {
    key: keyOf(options, variables),
    stream,
    tailDocument: () => tailDocument(document, schema),
    openingDocument: lastEventId === null ? document : resumedAfter(document, schema, lastEventId),
    operationName: params.operationName ?? null,
    variables,
    source,
    isPublic,
    endsAt: isPublic ? null : (source.viewer?.expiresAt ?? null),
    restarts: stream !== null && RESTARTING_STREAMS.has(stream),
  };
}

/**
 * What makes two operations equal. Undeclared variables and the position to begin at make no
 * difference; what a private stream shows belongs to one account and role until the token expires;
 * who has seen something newer elsewhere is not served with others who have not.
 */
function keyOf(
  { schema, document, operation, params, source, isPublic }: LiveOperationOptions,
  variables: Readonly<Record<string, unknown>>,
): string {
  const position = positionVariable(document, schema);
  const declared = operation.variableDefinitions?.map(({ variable }) => variable.name.value) ?? [];
  const given = declared
    .filter((name) => name !== position && Object.hasOwn(variables, name))
    .toSorted()
    .map((name) => [name, canonical(variables[name])]);
  const viewer = isPublic ? 'public' : source.viewer;
  const identity = [
    params.query,
    params.operationName ?? null,
    given,
    viewer === 'public' || viewer === null
      ? viewer
      : [viewer.accountId, viewer.role, viewer.expiresAt],
    source.atLeast && encodeConsistencyToken(source.atLeast),
  ];
  return createHash('sha256').update(JSON.stringify(identity)).digest('base64');
}

/** The same JSON value with the names of its objects in order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, canonical(inner)]));
}
