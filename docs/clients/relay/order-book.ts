import { graphql, type IEnvironment } from 'relay-runtime';
import { followBook } from '../shared/follow-book.ts';
import type { Book } from '../shared/order-book.ts';
import type { Kept } from '../shared/stream.ts';
import type { orderBookSubscription } from './generated/orderBookSubscription.graphql.ts';
import { isKnown, subscribe } from './subscribe.ts';

const subscription = graphql`
  subscription orderBookSubscription($gpuType: String!, $region: String!, $depth: Int) {
    orderBookUpdated(gpuType: $gpuType, region: $region, depth: $depth) {
      __typename
      ... on OrderBookSnapshot {
        sequence
        checksum
        bids {
          usdPerGpuHour
          gpuCount
          orderCount
        }
        asks {
          usdPerGpuHour
          gpuCount
          orderCount
        }
      }
      ... on OrderBookDelta {
        previousSequence
        sequence
        checksum
        changes {
          side
          usdPerGpuHour
          gpuCount
          orderCount
        }
      }
      ... on OrderBookHeartbeat {
        sequence
        checksum
      }
    }
  }
`;

/** Keeps the book of a market until stopped. */
export function followOrderBook(
  environment: IEnvironment,
  market: orderBookSubscription['variables'],
  onBook: (book: Book) => void,
): Kept {
  return followBook({
    subscribe: ({ next, end }) =>
      subscribe<orderBookSubscription>(environment, subscription, market, {
        next: ({ orderBookUpdated: item }) => isKnown(item) && next(item),
        end,
      }),
    onBook,
  });
}
