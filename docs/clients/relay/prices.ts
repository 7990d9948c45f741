import { fetchQuery, graphql, type IEnvironment } from 'relay-runtime';
import { followChanges } from '../shared/changes.ts';
import type { PriceBoard, PriceTick } from '../shared/price-board.ts';
import type { Kept } from '../shared/stream.ts';
import type { pricesQuery } from './generated/pricesQuery.graphql.ts';
import type { pricesSubscription } from './generated/pricesSubscription.graphql.ts';
import { isKnown, subscribe } from './subscribe.ts';

const query = graphql`
  query pricesQuery {
    prices {
      gpuType {
        slug
      }
      region {
        code
      }
      usdPerGpuHour
      freshness {
        sequence
      }
    }
  }
`;

const subscription = graphql`
  subscription pricesSubscription($after: EventCursor) {
    priceTicker(minIntervalMs: 100, after: $after) {
      __typename
      ... on StreamStart {
        resumed
        cursor
      }
      ... on PriceTick {
        gpuType {
          slug
        }
        region {
          code
        }
        usdPerGpuHour
        sequence
        cursor
      }
    }
  }
`;

/** Keeps the prices of all markets until stopped. */
export function followPrices(environment: IEnvironment, board: PriceBoard): Kept {
  return followChanges<PriceTick>({
    subscribe: (after, { next, end }) =>
      subscribe<pricesSubscription>(
        environment,
        subscription,
        { after },
        {
          next: ({ priceTicker: item }) => isKnown(item) && next(item),
          end,
        },
      ),
    reload: async () => {
      const data = await fetchQuery<pricesQuery>(environment, query, {}).toPromise();
      for (const price of data?.prices ?? [])
        board.set({ ...price, sequence: price.freshness.sequence });
    },
    apply: (tick) => board.set(tick),
  });
}
