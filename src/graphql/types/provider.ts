import type { Provider, ProviderStatus } from '../../domain/catalog.ts';
import type { Cached } from '../../market/types.ts';
import { builder } from '../builder.ts';
import { connectionOf, connectionType, type Connection } from '../connection.ts';
import type { GraphqlContext } from '../context.ts';
import { findProvider } from '../find.ts';
import { decodeGlobalId, encodeGlobalId } from '../global-id.ts';
import { listGpus } from '../list-gpus.ts';
import { present } from '../loaders.ts';
import { decodePageCursor, encodePageCursor } from '../page-cursor.ts';
import {
  atMost100,
  compareText,
  cutPage,
  DEFAULT_PAGE_SIZE,
  pageRequest,
  type PageArgs,
} from '../paging.ts';
import { ProviderStatusEnum, TrustTierEnum } from './enums.ts';
import { GpuFilterInput } from './gpu-inputs.ts';
import { GpuConnectionRef } from './gpu.ts';
import { NodeRef } from './node.ts';
import { FreshnessRef, ProviderRef, RegionRef } from './refs.ts';

const ORDER = 'providers';

ProviderRef.implement({
  description: 'Who offers units.',
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the provider.',
      resolve: ({ value }) => encodeGlobalId('Provider', value.slug),
    }),
    slug: t.string({
      description: 'Short name; also the account that speaks for the provider.',
      resolve: ({ value }) => value.slug,
    }),
    name: t.string({ description: 'Name for people.', resolve: ({ value }) => value.name }),
    status: t.field({
      type: ProviderStatusEnum,
      description: 'Its state now.',
      resolve: ({ value }) => value.status,
    }),
    regions: t.field({
      type: [RegionRef],
      description: 'The regions where it has units.',
      resolve: async ({ value }, _args, { loaders }) => {
        const catalog = await loaders.catalog();
        return value.regions.map((code) => catalog.region(code));
      },
    }),
    trustTier: t.field({
      type: TrustTierEnum,
      description: 'How far it is vouched for.',
      resolve: ({ value }) => value.trustTier,
    }),
    reliability: t.float({
      nullable: true,
      description: 'Share of time that it was up, 0..1; null = not measured.',
      resolve: ({ value }) => value.reliability,
    }),
    lastSeenAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it last reported; null = never.',
      resolve: ({ value }) => value.lastSeenAt,
    }),
    gpus: t.field({
      type: GpuConnectionRef,
      description: 'Its units, cheapest first.',
      args: {
        first: t.arg.int({ defaultValue: DEFAULT_PAGE_SIZE, description: 'Page size, 1-100.' }),
        after: t.arg.string({ description: 'Cursor that the page follows.' }),
        filter: t.arg({ type: GpuFilterInput, description: 'What a unit must be; absent = any.' }),
      },
      resolve: ({ value }, args, context) => listGpus(context, args, value),
    }),
    freshness: t.field({
      type: FreshnessRef,
      description: 'How fresh this provider is.',
      resolve: (provider) => provider,
    }),
  }),
});

const ProviderConnectionRef = connectionType('Provider', 'providers', ProviderRef);

/** A provider's place in the list: its slug. */
interface ProviderPlace {
  readonly slug: string;
}

interface ListedProvider extends ProviderPlace {
  readonly provider: Cached<Provider>;
}

interface ProviderListArgs extends PageArgs {
  readonly status?: readonly ProviderStatus[] | null | undefined;
  readonly region?: string | null | undefined;
}

async function listProviders(
  { loaders }: GraphqlContext,
  { status, region, ...page }: ProviderListArgs,
): Promise<Connection<Cached<Provider>>> {
  atMost100('status', status);
  const request = pageRequest(page, placeOfCursor);
  const slugs = await loaders.providerSlugs();
  const providers = await Promise.all(slugs.map((slug) => loaders.providers.load(slug)));
  const listed = providers
    .flatMap((provider) => present(provider) ?? [])
    .filter(({ value }) => status?.includes(value.status) ?? true)
    .filter(({ value }) => typeof region !== 'string' || value.regions.includes(region))
    .map((provider): ListedProvider => ({ slug: provider.value.slug, provider }));
  return connectionOf(
    cutPage(listed, request, (a: ProviderPlace, b) => compareText(a.slug, b.slug)),
    ({ slug }) => encodePageCursor([ORDER, slug]),
    ({ provider }) => provider,
  );
}

function placeOfCursor(cursor: string): ProviderPlace | null {
  const [slug, ...rest] = decodePageCursor(ORDER, cursor) ?? [];
  return slug === undefined || rest.length > 0 ? null : { slug };
}

builder.queryFields((t) => ({
  providers: t.field({
    type: ProviderConnectionRef,
    description: 'Providers by slug, page by page.',
    args: {
      first: t.arg.int({ defaultValue: DEFAULT_PAGE_SIZE, description: 'Page size, 1-100.' }),
      after: t.arg.string({ description: 'Cursor that the page follows.' }),
      status: t.arg({ type: [ProviderStatusEnum], description: 'Only those in these states.' }),
      region: t.arg.string({ description: 'Only those with units in this region.' }),
    },
    resolve: (_root, args, context) => listProviders(context, args),
  }),
  provider: t.field({
    type: ProviderRef,
    nullable: true,
    description: 'One provider; null when there is none of that id.',
    args: { id: t.arg.id({ required: true, description: 'Id of the provider.' }) },
    resolve: (_root, { id }, context) => {
      const slug = decodeGlobalId('Provider', id);
      return slug === null ? null : findProvider(context, slug);
    },
  }),
}));
