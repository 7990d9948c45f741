import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withCode } from './code-blocks.ts';

/** Part of `npm run codegen`: puts the recipes into the pages for frontends, as they are. */

const PAGES = 'docs/clients';

for (const name of readdirSync(PAGES, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.md')) continue;
  const page = join(PAGES, name);
  const text = readFileSync(page, 'utf8');
  const read = (path: string): string => readFileSync(join(dirname(page), path), 'utf8');
  writeFileSync(page, withCode(text, read));
}
