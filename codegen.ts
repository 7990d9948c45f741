import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types the operations of `schema/operations` for whoever speaks to the API as a client. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: 'schema/operations/*.graphql',
  ignoreNoDocuments: false,
  generates: {
    'src/client/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        importExtension: '.ts',
        strictScalars: true,
        useTypeImports: true,
        scalars: {
          BigInt: 'string',
          DateTime: 'string',
          Decimal: 'string',
          EventCursor: 'string',
          ID: 'string',
          JSON: 'unknown',
          Sequence: 'string',
        },
      },
    },
  },
};

export default config;
