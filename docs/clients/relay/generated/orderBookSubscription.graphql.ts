/**
 * @generated SignedSource<<53db18c5a6781a6ed7a4e1769c041f5d>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type OrderSide = "ASK" | "BID";
export type orderBookSubscription$variables = {
  depth?: number | null | undefined;
  gpuType: string;
  region: string;
};
export type orderBookSubscription$data = {
  readonly orderBookUpdated: {
    readonly __typename: "OrderBookDelta";
    readonly changes: ReadonlyArray<{
      readonly gpuCount: number;
      readonly orderCount: number;
      readonly side: OrderSide;
      readonly usdPerGpuHour: string;
    }>;
    readonly checksum: string;
    readonly previousSequence: string;
    readonly sequence: string;
  } | {
    readonly __typename: "OrderBookHeartbeat";
    readonly checksum: string;
    readonly sequence: string;
  } | {
    readonly __typename: "OrderBookSnapshot";
    readonly asks: ReadonlyArray<{
      readonly gpuCount: number;
      readonly orderCount: number;
      readonly usdPerGpuHour: string;
    }>;
    readonly bids: ReadonlyArray<{
      readonly gpuCount: number;
      readonly orderCount: number;
      readonly usdPerGpuHour: string;
    }>;
    readonly checksum: string;
    readonly sequence: string;
  } | {
    // This will never be '%other', but we need some
    // value in case none of the concrete values match.
    readonly __typename: "%other";
  };
};
export type orderBookSubscription = {
  response: orderBookSubscription$data;
  variables: orderBookSubscription$variables;
};

const node: ConcreteRequest = (function(){
var v0 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "depth"
},
v1 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "gpuType"
},
v2 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "region"
},
v3 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "sequence",
  "storageKey": null
},
v4 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "checksum",
  "storageKey": null
},
v5 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "usdPerGpuHour",
  "storageKey": null
},
v6 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "gpuCount",
  "storageKey": null
},
v7 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "orderCount",
  "storageKey": null
},
v8 = [
  (v5/*:: as any*/),
  (v6/*:: as any*/),
  (v7/*:: as any*/)
],
v9 = [
  {
    "alias": null,
    "args": [
      {
        "kind": "Variable",
        "name": "depth",
        "variableName": "depth"
      },
      {
        "kind": "Variable",
        "name": "gpuType",
        "variableName": "gpuType"
      },
      {
        "kind": "Variable",
        "name": "region",
        "variableName": "region"
      }
    ],
    "concreteType": null,
    "kind": "LinkedField",
    "name": "orderBookUpdated",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "__typename",
        "storageKey": null
      },
      {
        "kind": "InlineFragment",
        "selections": [
          (v3/*:: as any*/),
          (v4/*:: as any*/),
          {
            "alias": null,
            "args": null,
            "concreteType": "PriceLevel",
            "kind": "LinkedField",
            "name": "bids",
            "plural": true,
            "selections": (v8/*:: as any*/),
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "concreteType": "PriceLevel",
            "kind": "LinkedField",
            "name": "asks",
            "plural": true,
            "selections": (v8/*:: as any*/),
            "storageKey": null
          }
        ],
        "type": "OrderBookSnapshot",
        "abstractKey": null
      },
      {
        "kind": "InlineFragment",
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "previousSequence",
            "storageKey": null
          },
          (v3/*:: as any*/),
          (v4/*:: as any*/),
          {
            "alias": null,
            "args": null,
            "concreteType": "PriceLevelChange",
            "kind": "LinkedField",
            "name": "changes",
            "plural": true,
            "selections": [
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "side",
                "storageKey": null
              },
              (v5/*:: as any*/),
              (v6/*:: as any*/),
              (v7/*:: as any*/)
            ],
            "storageKey": null
          }
        ],
        "type": "OrderBookDelta",
        "abstractKey": null
      },
      {
        "kind": "InlineFragment",
        "selections": [
          (v3/*:: as any*/),
          (v4/*:: as any*/)
        ],
        "type": "OrderBookHeartbeat",
        "abstractKey": null
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": [
      (v0/*:: as any*/),
      (v1/*:: as any*/),
      (v2/*:: as any*/)
    ],
    "kind": "Fragment",
    "metadata": null,
    "name": "orderBookSubscription",
    "selections": (v9/*:: as any*/),
    "type": "Subscription",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [
      (v1/*:: as any*/),
      (v2/*:: as any*/),
      (v0/*:: as any*/)
    ],
    "kind": "Operation",
    "name": "orderBookSubscription",
    "selections": (v9/*:: as any*/)
  },
  "params": {
    "cacheID": "2992092933a4b4e914b1fabfe1b2b3d7",
    "id": null,
    "metadata": {},
    "name": "orderBookSubscription",
    "operationKind": "subscription",
    "text": "subscription orderBookSubscription(\n  $gpuType: String!\n  $region: String!\n  $depth: Int\n) {\n  orderBookUpdated(gpuType: $gpuType, region: $region, depth: $depth) {\n    __typename\n    ... on OrderBookSnapshot {\n      sequence\n      checksum\n      bids {\n        usdPerGpuHour\n        gpuCount\n        orderCount\n      }\n      asks {\n        usdPerGpuHour\n        gpuCount\n        orderCount\n      }\n    }\n    ... on OrderBookDelta {\n      previousSequence\n      sequence\n      checksum\n      changes {\n        side\n        usdPerGpuHour\n        gpuCount\n        orderCount\n      }\n    }\n    ... on OrderBookHeartbeat {\n      sequence\n      checksum\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "0537c1e4a0a94f76d8c2f204f48d8dbe";

export default node;
