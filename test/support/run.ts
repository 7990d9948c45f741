import { resolve } from 'node:path';
import { parseCLI, startVitest, type TestModule, type Vitest } from 'vitest/node';
import { ensureRedisServer } from './redis-server.ts';

/** `npm test`: makes sure of the servers, runs vitest, and closes with one plain line. */

interface Tally {
  passed: number;
  failed: number;
}

/** A file that could not run at all, or that failed outside its tests, counts as one failure. */
function tallyModule(module: TestModule): Tally {
  const states = Array.from(module.children.allTests(), (test) => test.result().state);
  const failed = states.filter((state) => state === 'failed').length;
  return {
    passed: states.filter((state) => state === 'passed').length,
    failed: failed === 0 && !module.ok() ? 1 : failed,
  };
}

function tally(vitest: Vitest): Tally {
  const total: Tally = { passed: 0, failed: vitest.state.getUnhandledErrors().length };
  for (const module of vitest.state.getTestModules()) {
    const { passed, failed } = tallyModule(module);
    total.passed += passed;
    total.failed += failed;
  }
  return total;
}

/** Where the many processes of a run find what the first of them has compiled. */
const COMPILE_CACHE = 'node_modules/.cache/compiled';

async function main(): Promise<number> {
  ensureRedisServer();
  process.env['NODE_COMPILE_CACHE'] ??= resolve(COMPILE_CACHE);
  const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)]);
  const vitest = await startVitest(filter, { ...options, watch: false });
  const { passed, failed } = tally(vitest);
  await vitest.close();
  console.log(`${passed} passed, ${failed} failed`);
  return passed > 0 && failed === 0 ? 0 : 1;
}

try {
  process.exitCode = (await main()) || process.exitCode || 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
