import { commitLocalUpdate, graphql, TYPENAME_KEY, type IEnvironment } from 'relay-runtime';
import { VIEWS_OF, type Invalidation } from '../shared/invalidation.ts';
import { followChanges } from '../shared/changes.ts';
import type { Kept } from '../shared/stream.ts';
import type { UnderWay } from '../shared/under-way.ts';
import type { invalidationsSubscription } from './generated/invalidationsSubscription.graphql.ts';
import { isKnown, subscribe } from './subscribe.ts';

const subscription = graphql`
  subscription invalidationsSubscription($after: EventCursor) {
    cacheInvalidated(after: $after) {
      __typename
      ... on StreamStart {
        resumed
        cursor
      }
      ... on Invalidation {
        namespaces
        nodeIds
        keys
        cursor
      }
    }
  }
`;

/** Marks in the store what is old, until stopped: who subscribes to that reads again. */
export function followInvalidations(environment: IEnvironment, underWay: UnderWay): Kept {
  return followChanges<Invalidation>({
    subscribe: (after, { next, end }) =>
      subscribe<invalidationsSubscription>(
        environment,
        subscription,
        { after },
        {
          next: ({ cacheInvalidated: item }) => isKnown(item) && next(item),
          end,
        },
      ),
    reload: () => underWay.twice(() => invalidateAll(environment)),
    apply: (invalidation) => void underWay.twice(() => invalidate(environment, invalidation)),
  });
}

function invalidateAll(environment: IEnvironment): void {
  commitLocalUpdate(environment, (store) => store.invalidateStore());
}

function invalidate(environment: IEnvironment, { nodeIds, namespaces, keys }: Invalidation): void {
  // Without keys all of the namespaces is old.
  if (keys.length === 0) return invalidateAll(environment);
  const views = new Set(namespaces.flatMap((namespace) => VIEWS_OF[namespace]));
  const ids = [...nodeIds, ...recordsOf(environment, views)];
  return commitLocalUpdate(environment, (store) => {
    for (const id of ids) store.get(id)?.invalidateRecord();
  });
}

/** Lists and answers have no id of their own: Relay finds them by their type. */
function recordsOf(environment: IEnvironment, types: ReadonlySet<string>): string[] {
  const source = environment.getStore().getSource();
  const typeOf = (id: string): string => String(source.get(id)?.[TYPENAME_KEY]);
  return source.getRecordIDs().filter((id) => types.has(typeOf(id)));
}
