/**
 * @generated SignedSource<<13faf1bb2ac33750ab4feccde7e1f404>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type CacheNamespace = "GPU_AVAILABILITY" | "GPU_PRICING" | "HISTORICAL" | "MARKET_STATS" | "ORDER_BOOK" | "PROVIDER_STATUS";
export type invalidationsSubscription$variables = {
  after?: string | null | undefined;
};
export type invalidationsSubscription$data = {
  readonly cacheInvalidated: {
    readonly __typename: "Invalidation";
    readonly cursor: string;
    readonly keys: ReadonlyArray<string>;
    readonly namespaces: ReadonlyArray<CacheNamespace>;
    readonly nodeIds: ReadonlyArray<string>;
  } | {
    readonly __typename: "StreamStart";
    readonly cursor: string;
    readonly resumed: boolean;
  } | {
    // This will never be '%other', but we need some
    // value in case none of the concrete values match.
    readonly __typename: "%other";
  };
};
export type invalidationsSubscription = {
  response: invalidationsSubscription$data;
  variables: invalidationsSubscription$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "after"
  }
],
v1 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "cursor",
  "storageKey": null
},
v2 = [
  {
    "alias": null,
    "args": [
      {
        "kind": "Variable",
        "name": "after",
        "variableName": "after"
      }
    ],
    "concreteType": null,
    "kind": "LinkedField",
    "name": "cacheInvalidated",
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
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "resumed",
            "storageKey": null
          },
          (v1/*:: as any*/)
        ],
        "type": "StreamStart",
        "abstractKey": null
      },
      {
        "kind": "InlineFragment",
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "namespaces",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "nodeIds",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "keys",
            "storageKey": null
          },
          (v1/*:: as any*/)
        ],
        "type": "Invalidation",
        "abstractKey": null
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "invalidationsSubscription",
    "selections": (v2/*:: as any*/),
    "type": "Subscription",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "invalidationsSubscription",
    "selections": (v2/*:: as any*/)
  },
  "params": {
    "cacheID": "fd0cdfe8438fc80e6cbbd457923da14d",
    "id": null,
    "metadata": {},
    "name": "invalidationsSubscription",
    "operationKind": "subscription",
    "text": "subscription invalidationsSubscription(\n  $after: EventCursor\n) {\n  cacheInvalidated(after: $after) {\n    __typename\n    ... on StreamStart {\n      resumed\n      cursor\n    }\n    ... on Invalidation {\n      namespaces\n      nodeIds\n      keys\n      cursor\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "f8a96484aabfe260a8fb5764adfbff5a";

export default node;
