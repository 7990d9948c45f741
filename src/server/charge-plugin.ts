import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { toIso } from '../domain/time.ts';
import { MAX_OPERATION_COST, operationCost } from '../graphql/cost.ts';
import { apiError } from '../graphql/errors.ts';
import type { MaskError } from './masking.ts';
import type { SourceContext } from './operation-source.ts';
import type { RateLimit } from './rate-limit.ts';

export interface ChargePluginOptions {
  readonly rateLimit: RateLimit;
  /** False lifts the limit of one operation's cost too (load tests). */
  readonly limited: boolean;
  readonly mask: MaskError;
}

/**
 * Every operation pays its static cost before it runs: a subscription once, when it begins. What was
 * paid is told in `extensions.cost`.
 */
export function chargePlugin({
  rateLimit,
  limited,
  mask,
}: ChargePluginOptions): Plugin<SourceContext> {
  function refusal(args: ExecutionArgs): ExecutionResult | null {
    const { source } = args.contextValue as SourceContext;
    try {
      const cost = operationCost(
        args.document,
        args.operationName,
        args.variableValues,
        args.schema,
      );
      if (limited && cost > MAX_OPERATION_COST) throw tooComplex(cost);
      rateLimit.charge(source, cost);
      return null;
    } catch (error) {
      return { errors: [mask(error)], ...costOf(source) };
    }
  }
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const refused = refusal(args);
      if (refused) {
        setResultAndStopExecution(refused);
        return undefined;
      }
      return {
        onExecuteDone: ({ result, setResult }) => {
          if (Symbol.asyncIterator in result) return;
          const { extensions } = costOf(args.contextValue.source);
          setResult({ ...result, extensions: { ...result.extensions, ...extensions } });
        },
      };
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      if (!args.contextValue.source.accounted) return;
      const refused = refusal(args);
      if (refused) setResultAndStopExecution(refused);
    },
  };
}

function costOf({ charge }: SourceContext['source']): { extensions: Record<string, unknown> } {
  return { extensions: { cost: { ...charge, resetAt: toIso(charge.resetAt) } } };
}

function tooComplex(cost: number): Error {
  const message = `This operation costs ${cost} points; at most ${MAX_OPERATION_COST} are allowed. Ask for fewer items.`;
  return apiError(
    'QUERY_TOO_COMPLEX',
    { cost, limit: MAX_OPERATION_COST, http: { status: 400, spec: true } },
    message,
  );
}
