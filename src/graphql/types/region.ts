import { builder } from '../builder.ts';
import { encodeGlobalId } from '../global-id.ts';
import { NodeRef } from './node.ts';
import { RegionRef } from './refs.ts';

RegionRef.implement({
  description: 'A place where units stand.',
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the region.',
      resolve: (region) => encodeGlobalId('Region', region.code),
    }),
    code: t.exposeString('code', { description: 'Short name used in arguments, e.g. us-east-1.' }),
    name: t.exposeString('name', { description: 'Name for people.' }),
    country: t.exposeString('country', {
      nullable: true,
      description: 'ISO 3166-1 alpha-2 code; null where the region is not one country.',
    }),
  }),
});

builder.queryField('regions', (t) =>
  t.field({
    type: [RegionRef],
    description: 'All regions: reference data, small enough to need no pagination.',
    resolve: async (_root, _args, { loaders }) => (await loaders.catalog()).cached.value.regions,
  }),
);
