import { describe, expect, test } from 'vitest';
import {
  barrels,
  environmentReaders,
  forbiddenLibraries,
  forbiddenRooms,
  importCycles,
  importsOf,
  importsWithoutExtension,
  tooLong,
  type RoomTable,
} from '../support/architecture.ts';
import { readSourceFiles, type SourceFile } from '../support/source-files.ts';

const ROOMS = ['domain', 'store', 'cache', 'events', 'live', 'market', 'graphql', 'server', 'demo'];
const EVERYTHING = [...ROOMS, 'config.ts', 'pipes.ts', 'redis.ts'];

/** Which room may import which: one way, top to bottom. Type-only imports count. */
const MAY_IMPORT: RoomTable = {
  domain: [],
  store: ['domain'],
  cache: ['domain'],
  events: ['domain'],
  live: ['domain'],
  market: ['domain', 'store', 'cache', 'events', 'live'],
  graphql: ['domain', 'market', 'live'],
  server: ['domain', 'graphql', 'market', 'live'],
  client: [],
  demo: ['domain', 'market'],
  cli: ['client', 'domain', 'market', 'store', 'app.ts', 'config.ts', 'main.ts'],
  'config.ts': ['config-rules.ts', 'config-variables.ts', 'domain'],
  'config-rules.ts': ['config-variables.ts', 'domain'],
  'config-variables.ts': ['domain'],
  'redis.ts': ['domain'],
  'pipes.ts': ['cache', 'config.ts', 'domain', 'events', 'live', 'market', 'redis.ts', 'server'],
  'fleet.ts': ['cache', 'config.ts', 'domain', 'events', 'market', 'server', 'store'],
  'app.ts': [...EVERYTHING, 'fleet.ts'],
  'main.ts': ['app.ts', 'config.ts'],
};

/** Libraries with one home: whoever is not named cannot go around the layer that owns the concern. */
const LIBRARY_HOMES: RoomTable = {
  kysely: ['store'],
  pg: ['store'],
  '@electric-sql/pglite': ['store'],
  ioredis: ['redis.ts', 'cache', 'events'],
  'graphql-redis-subscriptions': ['events'],
  'graphql-yoga': ['server'],
  'graphql-ws': ['client', 'server'],
  ws: ['server'],
  zod: ['config-variables.ts', 'config.ts'],
  commander: ['cli'],
  dataloader: ['graphql'],
};

/** Rooms of nouns and rules: they need nothing but the language and the named libraries, which only compute. */
const PURE: RoomTable = { domain: ['node:zlib'] };

const SOURCE = readSourceFiles('src');

describe('the house', () => {
  test('has something to check', () => {
    expect(SOURCE.length).toBeGreaterThan(20);
  });

  test('lets imports point one way', () => {
    expect(forbiddenRooms(SOURCE, MAY_IMPORT)).toEqual([]);
  });

  test('keeps libraries in their rooms and out of the domain', () => {
    expect(forbiddenLibraries(SOURCE, LIBRARY_HOMES, PURE)).toEqual([]);
  });

  test('has no import cycle', () => {
    expect(importCycles(SOURCE)).toEqual([]);
  });

  test('has no barrel', () => {
    expect(barrels(SOURCE)).toEqual([]);
  });

  test('names files in full', () => {
    expect(importsWithoutExtension([...SOURCE, ...readSourceFiles('test')])).toEqual([]);
  });

  test('reads the environment in one place', () => {
    expect(environmentReaders(SOURCE, 'src/config.ts')).toEqual([]);
  });

  test('keeps every file short enough to read', () => {
    expect(tooLong([...SOURCE, ...readSourceFiles('test')], 250)).toEqual([]);
  });
});

function file(path: string, text: string): SourceFile {
  return { path, text };
}

describe('the checks', () => {
  test('see every kind of import', () => {
    const text = `
      import type { A } from './a.ts';
      import {
        b,
        type C,
      } from "./b.ts";
      import './side-effect.ts';
      export { d } from './d.ts';
      export * from './e.ts';
      type F = import('./f.ts').F;
      const g = await import('./g.ts');
      const words = 'taken from "nowhere"';
      export const h = 'i';
    `;
    const names = ['a', 'b', 'd', 'e', 'side-effect', 'f', 'g'];
    expect(importsOf(text)).toEqual(names.map((name) => `./${name}.ts`));
  });

  test('report an import against the direction, type-only too', () => {
    const bad = file('src/domain/gpu.ts', `import type { Db } from '../store/database.ts';`);
    expect(forbiddenRooms([bad], MAY_IMPORT)).toEqual([
      'src/domain/gpu.ts: domain may not import store',
    ]);
  });

  test('report siblings that see each other, and rooms that the table does not know', () => {
    const sibling = file('src/cache/l2.ts', `import { x } from '../events/bus.ts';`);
    const stranger = file('src/misc/x.ts', '');
    expect(forbiddenRooms([sibling, stranger], MAY_IMPORT)).toEqual([
      'src/cache/l2.ts: cache may not import events',
      'src/misc/x.ts: the table has no room misc',
    ]);
  });

  test('report a library away from home, by subpath too, and any library in a pure room', () => {
    const files = [
      file('src/graphql/types/gpu.ts', `import { sql } from 'kysely/helpers/postgres';`),
      file('src/domain/time.ts', `import { readFileSync } from 'node:fs';`),
      file('src/store/database.ts', `import { Kysely } from 'kysely';`),
    ];
    expect(forbiddenLibraries(files, LIBRARY_HOMES, PURE)).toEqual([
      'src/graphql/types/gpu.ts: graphql may not use kysely/helpers/postgres',
      'src/domain/time.ts: domain may not use node:fs',
    ]);
  });

  test('report a cycle once, however it is entered', () => {
    const files = [
      file('src/live/c.ts', `import './a.ts';`),
      file('src/live/a.ts', `import type { B } from './b.ts';`),
      file('src/live/b.ts', `import { c } from './c.ts';`),
      file('src/live/outside.ts', `import { b } from './b.ts';`),
    ];
    expect(importCycles(files)).toEqual([
      'src/live/a.ts → src/live/b.ts → src/live/c.ts → src/live/a.ts',
    ]);
  });

  test('report barrels, but no file that has something of its own', () => {
    const files = [
      file(
        'src/live/all.ts',
        `/** All. */\nexport { a } from './a.ts';\nexport { b } from './b.ts';`,
      ),
      file('src/live/star.ts', `export * from './a.ts';\nexport const x = 1;`),
      file('src/live/index.ts', 'export const x = 1;'),
      file('src/live/own.ts', `export { a } from './a.ts';\nexport const x = 1;`),
    ];
    expect(barrels(files)).toEqual([
      'src/live/all.ts is a barrel',
      'src/live/star.ts is a barrel',
      'src/live/index.ts is a barrel',
    ]);
  });

  test('report imports without an extension, readers of the environment and long files', () => {
    const files = [
      file('src/live/a.ts', `import { b } from './b';`),
      file('src/live/env.ts', `const { HOME } = process.env;`),
      file('src/live/long.ts', 'a\n'.repeat(251)),
    ];
    expect(importsWithoutExtension(files)).toEqual(['src/live/a.ts: ./b does not end in .ts']);
    expect(environmentReaders(files, 'src/config.ts')).toEqual([
      'src/live/env.ts reads process.env',
    ]);
    expect(tooLong(files, 250)).toEqual(['src/live/long.ts has 251 lines']);
  });
});
