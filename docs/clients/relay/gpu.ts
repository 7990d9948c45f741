import { fetchQuery, graphql, type IEnvironment } from 'relay-runtime';
import type { gpuQuery } from './generated/gpuQuery.graphql.ts';

const query = graphql`
  query gpuQuery($id: ID!) {
    gpu(id: $id) {
      id
      name
      status
      version
    }
  }
`;

/** Reads a unit from the store or, when it is not there or has become old, from the server. */
export async function readGpu(
  environment: IEnvironment,
  id: string,
): Promise<gpuQuery['response']['gpu']> {
  const fetched = fetchQuery<gpuQuery>(
    environment,
    query,
    { id },
    { fetchPolicy: 'store-or-network' },
  );
  return (await fetched.toPromise())?.gpu ?? null;
}

/** Calls back whenever the unit has become old, until disposed of. */
export function onOld(
  environment: IEnvironment,
  id: string,
  callback: () => void,
): { dispose: () => void } {
  const store = environment.getStore();
  return store.subscribeToInvalidationState(store.lookupInvalidationState([id]), callback);
}
