import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MEMORY_RULES } from './memory-rules.ts';
import { NODE_RULES } from './node-rules.ts';
import { REDIS_RULES } from './redis-rules.ts';
import type { Rule } from './rule.ts';

/**
 * Switches off each rule of the cache in turn, in a copy of the project, and runs the tests that must
 * notice: `node test/property/cache-rules/prove.ts [words of a rule]`. Exit code 1 when a rule can be
 * switched off unnoticed. Takes about five minutes.
 */
const ROOT = join(import.meta.dirname, '../../..');
const COPIED = ['src', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts'];
const MODEL_TESTS = [
  'test/unit/cache',
  'test/property/cache-interleavings.test.ts',
  'test/property/cache-fleet.test.ts',
];
const REDIS_TESTS = ['test/integration/cache'];

const run = promisify(execFile);

/** The quick tests come first: most rules are missed by one of them. */
async function isNoticed(copy: string, tests: readonly string[]): Promise<boolean> {
  for (const test of tests) if (await fails(copy, test)) return true;
  return false;
}

async function fails(copy: string, test: string): Promise<boolean> {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  try {
    await run(process.execPath, [vitest, 'run', '--bail', '1', test], { cwd: copy });
    return false;
  } catch (error) {
    const { stdout = '' } = error as { stdout?: string };
    if (stdout.includes('TestTimeoutError')) throw new Error('Too slow to tell.', { cause: error });
    return true;
  }
}

/** Whether a test fails without the rule. */
async function isProved(copy: string, rule: Rule, tests: readonly string[]): Promise<boolean> {
  const path = join(copy, rule.file);
  const source = await readFile(path, 'utf8');
  await writeFile(
    path,
    source.replace(rule.from, () => rule.to),
  );
  try {
    return await isNoticed(copy, tests);
  } finally {
    await writeFile(path, source);
  }
}

async function proveAll(copy: string, words: string): Promise<number> {
  if (await isNoticed(copy, [...MODEL_TESTS, ...REDIS_TESTS])) {
    throw new Error('The tests fail with every rule in place.');
  }
  const all = [
    ...[...MEMORY_RULES, ...NODE_RULES].map((rule) => ({ rule, tests: MODEL_TESTS })),
    ...REDIS_RULES.map((rule) => ({ rule, tests: REDIS_TESTS })),
  ];
  let unnoticed = 0;
  for (const { rule, tests } of all.filter((item) => item.rule.rule.includes(words))) {
    const proved = await isProved(copy, rule, tests);
    if (!proved) unnoticed += 1;
    process.stdout.write(`${proved ? 'noticed  ' : 'UNNOTICED'} ${rule.rule}\n`);
  }
  return unnoticed;
}

const copy = await mkdtemp(join(tmpdir(), 'edgebook-cache-rules-'));
try {
  for (const name of COPIED) await cp(join(ROOT, name), join(copy, name), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const unnoticed = await proveAll(copy, process.argv[2] ?? '');
  if (unnoticed > 0) process.exitCode = 1;
} finally {
  await rm(copy, { recursive: true });
}
