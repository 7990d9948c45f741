/**
 * @generated SignedSource<<a3e2d7b5046974d1b2552df241080b25>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type GpuStatus = "AVAILABLE" | "BOOKED" | "HELD" | "MAINTENANCE" | "OFFLINE";
export type gpuQuery$variables = {
  id: string;
};
export type gpuQuery$data = {
  readonly gpu: {
    readonly id: string;
    readonly name: string;
    readonly status: GpuStatus;
    readonly version: number;
  } | null | undefined;
};
export type gpuQuery = {
  response: gpuQuery$data;
  variables: gpuQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "id"
  }
],
v1 = [
  {
    "alias": null,
    "args": [
      {
        "kind": "Variable",
        "name": "id",
        "variableName": "id"
      }
    ],
    "concreteType": "Gpu",
    "kind": "LinkedField",
    "name": "gpu",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "id",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "name",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "status",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "version",
        "storageKey": null
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
    "name": "gpuQuery",
    "selections": (v1/*:: as any*/),
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "gpuQuery",
    "selections": (v1/*:: as any*/)
  },
  "params": {
    "cacheID": "e673ca25ec5188d5fc85ab5920bf8c0d",
    "id": null,
    "metadata": {},
    "name": "gpuQuery",
    "operationKind": "query",
    "text": "query gpuQuery(\n  $id: ID!\n) {\n  gpu(id: $id) {\n    id\n    name\n    status\n    version\n  }\n}\n"
  }
};
})();

(node as any).hash = "8b43df205402911a52304d62a76d1567";

export default node;
