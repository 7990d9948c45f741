import { Command, InvalidArgumentError, Option } from 'commander';
import { CliError, EXIT_PARTIAL } from '../cli-error.ts';
import { TRANSPORTS, verifyLive, type LiveOptions } from './verify-live.ts';
import { verifyRecording } from './verify-recording.ts';

interface Options extends LiveOptions {
  readonly gpuType?: string;
  readonly region?: string;
}

const DETAILS = `
A URL is followed as a careful client would: a snapshot comes first, each delta starts where the one before
ended, the checksum is that of the best ten levels, heartbeats repeat what is known. Whatever breaks that is
told and counted, and the book is subscribed again; so it is, at most 5 times in a row, when the connection is
lost. A crossed state (best bid not below best ask) is counted and no break: orders and offers have conditions.

A FILE holds JSON lines, .gz or not: our own feed as --record writes it, or recorded level2 feeds of Kraken
(every CRC-32 is computed again) and Coinbase (every change must apply, no book may be crossed).

Exit code 0 only if there was something to verify and nothing broke.`;

export function verifyBookCommand(): Command {
  return new Command('verify-book')
    .description('follow a live order book, or read a recorded one, and verify every message')
    .argument('<source>', 'the GraphQL endpoint as http:// or https:// URL, or a file')
    .option('--gpu-type <slug>', "the live book's model")
    .option('--region <code>', "the live book's region")
    .option('--depth <levels>', 'levels of each side, 1-100', numberIn(1, 100), 20)
    .addOption(
      new Option('--interval <ms>', 'least time between two deltas')
        .choices(['100', '1000'])
        .default('100'),
    )
    .addOption(
      new Option('--transport <door>', 'server-sent events or a WebSocket')
        .choices(TRANSPORTS)
        .default('sse'),
    )
    .option('--seconds <n>', 'end after so many seconds; default: at Ctrl-C', numberIn(1, 86_400))
    .option('--changes <n>', 'end after so many changes of levels', numberIn(1, 1_000_000_000))
    .option('--token <jwt>', 'a bearer token; books are public without one')
    .option('--record <file>', 'write what is received to a file')
    .addHelpText('after', DETAILS)
    .action(verifyBook);
}

async function verifyBook(source: string, { gpuType, region, ...options }: Options): Promise<void> {
  if (!/^https?:/.test(source)) return verifyRecording(source);
  if (!URL.canParse(source)) throw new CliError(`${source} is no URL.`, EXIT_PARTIAL);
  if (gpuType === undefined || region === undefined)
    throw new CliError('A live book needs --gpu-type and --region.', EXIT_PARTIAL);
  await verifyLive(new URL(source), { gpuType, region }, options);
}

function numberIn(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= low && value <= high) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
  };
}
