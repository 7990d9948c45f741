import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { buildSchema, parse, print, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { NODE_TYPES, VIEWS_OF } from '../../../docs/clients/shared/invalidation.ts';
import { filesShownIn, withCode } from '../../../scripts/code-blocks.ts';
import {
  readMarkdownFiles,
  readProjectFile,
  readSourceFiles,
  type SourceFile,
} from '../../support/source-files.ts';

const PAGES = readMarkdownFiles().filter(({ path }) => path.startsWith('docs/clients/'));
const SCHEMA = buildSchema(readProjectFile('schema/schema.graphql'));

function shownBy({ path, text }: SourceFile): string[] {
  return filesShownIn(text).map((file) => posix.join(posix.dirname(path), file));
}

describe('the pages for frontends', () => {
  test.each(PAGES.map((page) => [page.path, page] as const))(
    '%s shows the recipes as they are (npm run codegen)',
    (path, { text }) => {
      const read = (file: string): string => readProjectFile(posix.join(posix.dirname(path), file));
      expect(withCode(text, read)).toBe(text);
    },
  );

  test('show every file of every recipe', () => {
    const files = readSourceFiles('docs/clients').map(({ path }) => path);
    const written = files.filter((path) => path !== 'docs/clients/generated.ts');
    expect(written.length).toBeGreaterThan(15);
    expect(PAGES.flatMap(shownBy)).toEqual(expect.arrayContaining(written));
  });
});

test('a block is filled with its file, and others are left alone', () => {
  const page = '```ts a.ts\nold\n```\n```ts\nown\n```\n```sh b.sh\n```\n';
  const filled = '```ts a.ts\nnew a.ts\n```\n```ts\nown\n```\n```sh b.sh\nnew b.sh\n```\n';
  expect(filesShownIn(page)).toEqual(['a.ts', 'b.sh']);
  expect(withCode(page, (path) => `new ${path}\n`)).toBe(filled);
});

test('the types that a namespace is read as are types of the schema', () => {
  const names = [...NODE_TYPES, ...Object.values(VIEWS_OF).flat()];
  expect(names.filter((name) => !SCHEMA.getType(name))).toEqual([]);
});

describe("Relay's artifacts", () => {
  const tags = readSourceFiles('docs/clients/relay').flatMap(({ text }) =>
    [...text.matchAll(/graphql`([^`]*?(?:query|subscription) (\w+)[^`]*)`/g)].map(
      ([, document = '', name = '']) => ({ document, name }),
    ),
  );

  test('are those of the documents', () => {
    expect(tags).toHaveLength(5);
    for (const { document, name } of tags) {
      const artifact = readProjectFile(`docs/clients/relay/generated/${name}.graphql.ts`);
      const printed = print(parse(document));
      const hash = createHash('md5').update(printed).digest('hex');
      expect(artifact).toContain(`hash = "${hash}"`);
    }
  });

  test('fit the schema', () => {
    const documents = tags.map(({ document }) => parse(document));
    expect(documents.flatMap((document) => validate(SCHEMA, document))).toEqual([]);
  });
});
