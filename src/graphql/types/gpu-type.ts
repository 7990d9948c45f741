import { builder } from '../builder.ts';
import { findPrice } from '../find.ts';
import { encodeGlobalId } from '../global-id.ts';
import { atMost100 } from '../paging.ts';
import { GpuVendorEnum, InterconnectEnum } from './enums.ts';
import { NodeRef } from './node.ts';
import { AvailabilitySummaryRef, GpuTypeRef, PriceRef } from './refs.ts';

GpuTypeRef.implement({
  description: 'A model of GPU.',
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the type.',
      resolve: (gpuType) => encodeGlobalId('GpuType', gpuType.slug),
    }),
    slug: t.exposeString('slug', { description: 'Canonical slug, e.g. h100-sxm-80gb.' }),
    name: t.exposeString('name', { description: 'Name for people.' }),
    vendor: t.expose('vendor', { type: GpuVendorEnum, description: 'Who makes it.' }),
    vramGb: t.exposeInt('vramGb', { description: 'Memory of one card in GB; 0 = unknown.' }),
    interconnect: t.expose('interconnect', {
      type: InterconnectEnum,
      description: 'How cards of this model are connected.',
    }),
    fp16Tflops: t.exposeFloat('fp16Tflops', {
      nullable: true,
      description: 'Dense FP16 throughput of one card in TFLOPS; null = unknown.',
    }),
    price: t.field({
      type: PriceRef,
      nullable: true,
      description: 'Its reference price in a region; null where it has none.',
      args: {
        region: t.arg.string({ required: true, description: 'Code of the region.' }),
      },
      resolve: ({ slug }, { region }, context) => findPrice(context, { gpuType: slug, region }),
    }),
    availability: t.field({
      type: [AvailabilitySummaryRef],
      description: 'How many units there are, one entry per region that has or had some.',
      args: { region: t.arg.string({ description: 'Code of the only region wanted.' }) },
      resolve: async ({ slug }, { region }, { loaders }) => {
        const catalog = await loaders.catalog();
        const regions = typeof region === 'string' ? [region] : null;
        const pairs = catalog.pairs({ gpuTypes: [slug], regions });
        return Promise.all(pairs.map((pair) => loaders.summaries.load(pair)));
      },
    }),
  }),
});

builder.queryFields((t) => ({
  gpuTypes: t.field({
    type: [GpuTypeRef],
    description: 'All models of GPU: reference data, small enough to need no pagination.',
    args: {
      slugs: t.arg.stringList({
        description: 'Only these, at most 100; unknown ones are left out.',
      }),
    },
    resolve: async (_root, { slugs }, { loaders }) => {
      const { gpuTypes } = (await loaders.catalog()).cached.value;
      const wanted = atMost100('slugs', slugs) && new Set(slugs);
      return gpuTypes.filter(({ slug }) => wanted?.has(slug) ?? true);
    },
  }),
  gpuType: t.field({
    type: GpuTypeRef,
    nullable: true,
    description: 'One model of GPU; null when there is none of that slug.',
    args: { slug: t.arg.string({ required: true, description: 'Slug of the model.' }) },
    resolve: async (_root, { slug }, { loaders }) => (await loaders.catalog()).findGpuType(slug),
  }),
}));
