import type { CodegenConfig } from '@graphql-codegen/cli';

/** What the API's own scalars are in an answer. */
const scalars = {
  BigInt: 'string',
  DateTime: 'string',
  Decimal: 'string',
  EventCursor: 'string',
  ID: 'string',
  JSON: 'unknown',
  Sequence: 'string',
};

/**
 * Types the operations of `schema/operations` for whoever speaks to the API as a client, and those of
 * the recipes for frontends as a frontend would.
 */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  ignoreNoDocuments: false,
  generates: {
    'src/client/generated/': {
      documents: 'schema/operations/*.graphql',
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        importExtension: '.ts',
        strictScalars: true,
        useTypeImports: true,
        scalars,
      },
    },
    'docs/clients/generated.ts': {
      documents: 'docs/clients/operations.graphql',
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        enumsAsTypes: true,
        strictScalars: true,
        useTypeImports: true,
        scalars,
      },
    },
  },
};

export default config;
