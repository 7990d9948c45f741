import type { Plugin } from 'graphql-yoga';
import {
  decodeConsistencyToken,
  encodeConsistencyToken,
  type ConsistencyToken,
} from '../domain/consistency-token.ts';
import { badInput } from '../graphql/errors.ts';
import type { SourceContext } from './operation-source.ts';

/** The HTTP header, and the field of `connection_init`'s payload. */
export const CONSISTENCY_HEADER = 'x-consistency-token';

/**
 * What a client sends back of an earlier answer; null for none. Throws BAD_USER_INPUT for anything
 * that no answer can have carried: ignoring it would break the promise that it asks for.
 */
export function readConsistencyToken(sent: unknown): ConsistencyToken | null {
  if (sent === undefined || sent === null || sent === '') return null;
  const token = typeof sent === 'string' ? decodeConsistencyToken(sent) : null;
  if (token) return token;
  const rule = `\`${CONSISTENCY_HEADER}\` must be an \`extensions.consistencyToken\` of an earlier answer.`;
  throw badInput(CONSISTENCY_HEADER, rule);
}

/** Tells in `extensions.consistencyToken` how new an answer must be to show what was written. */
export function consistencyPlugin(): Plugin<SourceContext> {
  return {
    onExecute: ({ args }) => ({
      onExecuteDone: ({ result, setResult }) => {
        const { written } = args.contextValue.source;
        if (!written || Symbol.asyncIterator in result) return;
        const consistencyToken = encodeConsistencyToken(written);
        setResult({ ...result, extensions: { ...result.extensions, consistencyToken } });
      },
    }),
  };
}
