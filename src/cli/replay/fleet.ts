import {
  ReplayUnitsDocument,
  type GpuFilter,
  type ReplayUnitsQuery,
  type ReplayUnitsQueryVariables,
} from '../../client/generated/graphql.ts';
import type { GraphqlClient } from '../../client/graphql-client.ts';
import type { Pair } from '../../domain/catalog.ts';
import { patiently } from './patiently.ts';

export type ReplayUnit = ReplayUnitsQuery['gpus']['nodes'][number];

const PAGE = 100;

/** All units that a filter lets through, oldest first. */
export async function readUnits(client: GraphqlClient, filter: GpuFilter): Promise<ReplayUnit[]> {
  const units: ReplayUnit[] = [];
  for (let after: string | null = null; ;) {
    const variables: ReplayUnitsQueryVariables = { first: PAGE, after, filter };
    const { gpus }: ReplayUnitsQuery = await patiently(() =>
      client.execute(ReplayUnitsDocument, variables),
    );
    units.push(...gpus.nodes);
    if (!gpus.pageInfo.hasNextPage) return units;
    after = gpus.pageInfo.endCursor ?? null;
  }
}

/** The pair in a unit's name, `region/model/number`. */
export function pairOf(unit: Pick<ReplayUnit, 'name'>): Pair {
  const [region = '', gpuType = ''] = unit.name.split('/');
  return { gpuType, region };
}
