import { Redis } from 'ioredis';
import { MINUTE_MS } from '../../src/domain/time.ts';
import { startMarketNode } from '../../test/support/market-node.ts';

/** The second process of the propagation bench: `redisUrl channel`; tells how long what it hears took. */

const [redisUrl = '', channel = ''] = process.argv.slice(2);
const NS_PER_MS = 1e6;
const REPORT_EVERY_MS = 20;
let heardMs: number[] = [];

/** JSON text or not: the digits count. Both processes read the machine's one monotonic clock. */
function hear(sentAtNs: string): void {
  heardMs.push(Number(process.hrtime.bigint() - BigInt(sentAtNs.replaceAll('"', ''))) / NS_PER_MS);
}

async function listenToEvents(): Promise<void> {
  const node = await startMarketNode({ database: { path: 'memory://' }, redisUrl });
  const events = node.live.events({ types: null, endsAt: Date.now() + 60 * MINUTE_MS });
  void (async () => {
    for await (const { change } of events) hear(JSON.stringify(change.event.data['reason']));
  })();
}

async function listenToChannel(): Promise<void> {
  const raw = new Redis(redisUrl);
  raw.on('message', (_, text: string) => hear(text.slice(0, text.indexOf('|'))));
  await raw.subscribe(channel);
}

await Promise.all([listenToEvents(), listenToChannel()]);
setInterval(() => {
  if (heardMs.length > 0) process.send?.(heardMs);
  heardMs = [];
}, REPORT_EVERY_MS);
process.on('disconnect', () => process.exit());
process.send?.('ready');
