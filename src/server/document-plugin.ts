import { NoSchemaIntrospectionCustomRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { documentErrors, MAX_TOKENS } from '../graphql/document-limits.ts';
import type { MaskError } from './masking.ts';
import type { Metrics } from './metrics.ts';

export interface DocumentPluginOptions {
  readonly introspection: boolean;
  readonly mask: MaskError;
  readonly metrics: Metrics;
}

/**
 * What a document may look like, at every door. The limits come before validation, whose own cost
 * grows with fragments and aliases; complaints leave masked, because Yoga sends them as they are.
 */
export function documentPlugin({ introspection, mask, metrics }: DocumentPluginOptions): Plugin {
  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source, options) => parseFn(source, { ...options, maxTokens: MAX_TOKENS }));
      return ({ result }) => {
        if (result instanceof Error) metrics.operation('invalid', 'refused', 0);
      };
    },
    onValidate({ params, addValidationRule, setResult }) {
      if (!introspection) addValidationRule(NoSchemaIntrospectionCustomRule);
      const errors = documentErrors(params.documentAST);
      if (errors.length > 0) setResult([...errors]);
      return ({ result, setResult: replaceResult }) => {
        if (result.length === 0) return;
        metrics.operation('invalid', 'refused', 0);
        replaceResult(result.map(mask));
      };
    },
  };
}
