import type { Pair } from '../domain/catalog.ts';
import type { GraphqlContext } from './context.ts';
import { badInput } from './errors.ts';

/**
 * The market that a stream follows. A stream of an unknown one could never say anything: it throws
 * BAD_USER_INPUT instead of staying silent.
 */
export async function checkedPair(
  { loaders }: Pick<GraphqlContext, 'loaders'>,
  { gpuType, region }: Pair,
): Promise<Pair> {
  const pair = { gpuType, region };
  if ((await loaders.catalog()).hasPair(pair)) return pair;
  throw badInput(
    'gpuType',
    '`gpuType` and `region` must be a slug and a code that are offered together: `prices` lists them.',
  );
}
