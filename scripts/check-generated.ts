import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `npm run check:generated`: fails when a committed generated file is not what the code generates
 * now. It generates in place, compares, and puts back what was there.
 */

const GENERATED = ['schema/schema.graphql', 'src/client/generated', 'docs/clients'];

type Files = ReadonlyMap<string, string>;

function read(): Files {
  const paths = GENERATED.filter((path) => existsSync(path)).flatMap((path) =>
    path.endsWith('.graphql')
      ? [path]
      : readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name)),
  );
  return new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]));
}

/** The paths whose content differs, missing files included, sorted. */
function differences(before: Files, after: Files): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).toSorted();
}

function putBack(paths: readonly string[], before: Files): void {
  for (const path of paths) {
    const text = before.get(path);
    if (text === undefined) rmSync(path);
    else writeFileSync(path, text);
  }
}

const committed = read();
let drifted: string[] = [];
try {
  execFileSync('npm', ['run', '--silent', 'codegen'], { stdio: ['ignore', 'ignore', 'inherit'] });
} finally {
  drifted = differences(committed, read());
  putBack(drifted, committed);
}

if (committed.size === 0 || drifted.length > 0) {
  console.error('Generated files differ from the code; run `npm run codegen` and commit:');
  for (const path of drifted) console.error(`  ${path}`);
  process.exitCode = 1;
}
