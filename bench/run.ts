import { CACHE_BENCHES } from './cache/benches.ts';
import { FANOUT_BENCHES } from './fanout/benches.ts';
import { MARKET_BENCHES } from './market/benches.ts';
import { format, type Bench } from './support/result.ts';

/**
 * `npm run bench -- NAME [LETTER…] [--quick]`: runs the questions of one benchmark, or only the named
 * ones, and prints a table each. Exit code 1 when something that was promised did not come true.
 */

const BENCHMARKS: Readonly<Record<string, Readonly<Record<string, Bench>>>> = {
  cache: CACHE_BENCHES,
  fanout: FANOUT_BENCHES,
  market: MARKET_BENCHES,
};

const QUICK = '--quick';

async function main(args: readonly string[]): Promise<number> {
  const quick = args.includes(QUICK);
  const [name = '', ...letters] = args.filter((arg) => arg !== QUICK);
  const questions = BENCHMARKS[name];
  if (!questions) {
    console.error(
      `usage: npm run bench -- NAME [LETTER…] [${QUICK}]; names: ${Object.keys(BENCHMARKS).join(', ')}`,
    );
    return 2;
  }
  console.log(`Node ${process.version} on ${process.platform}-${process.arch}\n`);
  let missed = 0;
  for (const [letter, bench] of Object.entries(questions)) {
    if (letters.length > 0 && !letters.includes(letter)) continue;
    const result = await bench({ quick });
    console.log(format(result));
    missed += result.aims.filter(({ met }) => !met).length;
  }
  return missed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
