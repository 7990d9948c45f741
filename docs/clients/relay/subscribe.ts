import { requestSubscription } from 'relay-runtime';
import type { GraphQLTaggedNode, IEnvironment, OperationType } from 'relay-runtime';
import type { Sink } from '../shared/stream.ts';

/** Subscribes once; errors of the operation end it like a broken connection. */
export function subscribe<Operation extends OperationType>(
  environment: IEnvironment,
  subscription: GraphQLTaggedNode,
  variables: Operation['variables'],
  { next, end }: Sink<Operation['response']>,
): () => void {
  const { dispose } = requestSubscription<Operation>(environment, {
    subscription,
    variables,
    onNext: (data) => (data ? next(data) : end(new Error('the item has no data'))),
    onError: end,
    onCompleted: end,
  });
  return dispose;
}

/** Relay's types allow for members of a union that a later schema may add; streams tell of none. */
export function isKnown<Item extends { readonly __typename: string }>(
  item: Item,
): item is Exclude<Item, { readonly __typename: '%other' }> {
  return item.__typename !== '%other';
}
