import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';
import { relayTags } from './test/support/relay-tags.ts';

/**
 * graphql 16 ships two builds. Vite would give our files the .mjs one while Yoga and Pothos load the
 * .js one, and every `instanceof GraphQLError` between them would be false. A regular expression: a
 * plain string would also catch `graphql/…` and break it.
 */
const oneGraphql = {
  find: /^graphql$/,
  replacement: createRequire(import.meta.url).resolve('graphql'),
};

export default defineConfig({
  resolve: { alias: [oneGraphql] },
  plugins: [relayTags()],
  test: {
    pool: 'forks',
    // Tests share no state of modules, and to load them anew for each file takes longer than many files.
    isolate: false,
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/property/**/*.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/{integration,e2e,chaos}/**/*.test.ts'],
          globalSetup: 'test/support/global-setup.ts',
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
