/**
 * @generated SignedSource<<360b6b71e7eec4eba2123f307df9f4a9>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type pricesQuery$variables = Record<PropertyKey, never>;
export type pricesQuery$data = {
  readonly prices: ReadonlyArray<{
    readonly freshness: {
      readonly sequence: string;
    };
    readonly gpuType: {
      readonly slug: string;
    };
    readonly region: {
      readonly code: string;
    };
    readonly usdPerGpuHour: string;
  }>;
};
export type pricesQuery = {
  response: pricesQuery$data;
  variables: pricesQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "slug",
  "storageKey": null
},
v1 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "code",
  "storageKey": null
},
v2 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "usdPerGpuHour",
  "storageKey": null
},
v3 = {
  "alias": null,
  "args": null,
  "concreteType": "Freshness",
  "kind": "LinkedField",
  "name": "freshness",
  "plural": false,
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "sequence",
      "storageKey": null
    }
  ],
  "storageKey": null
},
v4 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
};
return {
  "fragment": {
    "argumentDefinitions": [],
    "kind": "Fragment",
    "metadata": null,
    "name": "pricesQuery",
    "selections": [
      {
        "alias": null,
        "args": null,
        "concreteType": "Price",
        "kind": "LinkedField",
        "name": "prices",
        "plural": true,
        "selections": [
          {
            "alias": null,
            "args": null,
            "concreteType": "GpuType",
            "kind": "LinkedField",
            "name": "gpuType",
            "plural": false,
            "selections": [
              (v0/*:: as any*/)
            ],
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "concreteType": "Region",
            "kind": "LinkedField",
            "name": "region",
            "plural": false,
            "selections": [
              (v1/*:: as any*/)
            ],
            "storageKey": null
          },
          (v2/*:: as any*/),
          (v3/*:: as any*/)
        ],
        "storageKey": null
      }
    ],
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [],
    "kind": "Operation",
    "name": "pricesQuery",
    "selections": [
      {
        "alias": null,
        "args": null,
        "concreteType": "Price",
        "kind": "LinkedField",
        "name": "prices",
        "plural": true,
        "selections": [
          {
            "alias": null,
            "args": null,
            "concreteType": "GpuType",
            "kind": "LinkedField",
            "name": "gpuType",
            "plural": false,
            "selections": [
              (v0/*:: as any*/),
              (v4/*:: as any*/)
            ],
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "concreteType": "Region",
            "kind": "LinkedField",
            "name": "region",
            "plural": false,
            "selections": [
              (v1/*:: as any*/),
              (v4/*:: as any*/)
            ],
            "storageKey": null
          },
          (v2/*:: as any*/),
          (v3/*:: as any*/)
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "45f1ef8dd8321931472208a31abf3f7e",
    "id": null,
    "metadata": {},
    "name": "pricesQuery",
    "operationKind": "query",
    "text": "query pricesQuery {\n  prices {\n    gpuType {\n      slug\n      id\n    }\n    region {\n      code\n      id\n    }\n    usdPerGpuHour\n    freshness {\n      sequence\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "a7417bbcdf216e7d24f077e95d020dcf";

export default node;
