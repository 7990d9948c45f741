import type { TypedDocument } from '../../../src/client/graphql-client.ts';

/** A unit as of one version. */
export interface UnitVersion {
  readonly id: string;
  readonly version: number;
}

type Push =
  | { readonly __typename: 'StreamStart'; readonly resumed: boolean; readonly cursor: string }
  | {
      readonly __typename: 'AvailabilityChange';
      readonly gpu: UnitVersion;
      readonly cursor: string;
    }
  | { readonly __typename: 'StreamHeartbeat' };

export const AVAILABILITY: TypedDocument<
  { readonly availabilityChanged: Push },
  { readonly after: string | null }
> = `subscription Followed($after: EventCursor) {
  availabilityChanged(after: $after) {
    __typename
    ... on StreamStart { resumed cursor }
    ... on AvailabilityChange { gpu { id version } cursor }
  }
}`;

export const VERSIONS: TypedDocument<
  { readonly nodes: readonly (UnitVersion | null)[] },
  { readonly ids: readonly string[] }
> = `query Versions($ids: [ID!]!) { nodes(ids: $ids) { ... on Gpu { id version } } }`;

export const SOME_UNITS: TypedDocument<
  { readonly gpus: { readonly nodes: readonly UnitVersion[] } },
  { readonly first: number }
> = `query SomeUnits($first: Int!) {
  gpus(first: $first, filter: { status: [AVAILABLE] }) { nodes { id version } }
}`;

export const SET_STATUS: TypedDocument<
  { readonly setGpuStatus: { readonly __typename: string } },
  { readonly input: { readonly gpuId: string; readonly status: 'AVAILABLE' | 'MAINTENANCE' } }
> = `mutation SetStatus($input: SetGpuStatusInput!) { setGpuStatus(input: $input) { __typename } }`;
