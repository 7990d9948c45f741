import { deepEqual, equal } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { MarketNode } from '../market-node.ts';
import type { Story } from './arbitraries.ts';
import type { Command } from './commands.ts';
import { bookEvents, outboxEnd, replayBook } from './event-log.ts';
import { ReferenceMatcher } from './reference-matcher.ts';
import { snapshotOfReference } from './snapshot.ts';
import { StoryMarket } from './story-market.ts';
import { pairOfStory } from './story-seed.ts';
import { loadBooks } from '../../../src/store/book-store.ts';

/** What stories were about, so that a proof can tell that it proved something. */
export interface StoryCounts {
  commands: number;
  refused: number;
  fills: number;
  levelChanges: number;
}

/**
 * Tells a story to the reference and to a real market at once; throws at the first difference: in an
 * answer's code, an order, a fill, a booking or its price, a level, the sequence. In the end the outbox
 * must rebuild the same book, with every checksum right on the way.
 */
export async function runStory(node: MarketNode, story: Story, counts: StoryCounts): Promise<void> {
  const pair = pairOfStory(`story-${randomUUID()}`);
  const outboxStart = await outboxEnd(node.db);
  const market = await StoryMarket.start(node, pair, story.units);
  const [before] = await loadBooks(node.db, [pair]);
  const reference = new ReferenceMatcher(
    story.units.map((unit, index) => ({ ...unit, id: market.unitIds[index] ?? '' })),
  );
  for (const told of story.commands) {
    const command = named(told, reference);
    if (!command) continue;
    const booking = bookingNamed(command, reference);
    const code = reference.take(command);
    const where = `after ${JSON.stringify(command)}`;
    equal(await market.take(command, booking), code, where);
    deepEqual(await market.snapshot(), snapshotOfReference(reference), where);
    counts.commands += 1;
    if (code !== 'OK') counts.refused += 1;
  }
  if (!before?.value) throw new Error('the story has no book');
  const replayed = replayBook(before.value, await bookEvents(node.db, pair, outboxStart));
  deepEqual(replayed.breaks, []);
  const [after] = await loadBooks(node.db, [pair]);
  deepEqual(replayed.levels, { bids: after?.value?.bids, asks: after?.value?.asks });
  equal(replayed.sequence, BigInt(reference.sequence));
  equal(replayed.fills, reference.bookings.filter(({ order }) => order !== null).length);
  counts.fills += replayed.fills;
  counts.levelChanges += replayed.changes;
}

/** The command with its order or booking taken among those that are there; null where there is none. */
function named(command: Command, { orders, bookings }: ReferenceMatcher): Command | null {
  const { kind } = command;
  if (kind === 'cancelOrder' || kind === 'expireOrder')
    return orders.length === 0 ? null : { ...command, order: command.order % orders.length };
  if (kind === 'cancelBooking')
    return bookings.length === 0
      ? null
      : { ...command, booking: command.booking % bookings.length };
  return command;
}

function bookingNamed(command: Command, { bookings }: ReferenceMatcher) {
  if (command.kind !== 'cancelBooking') return undefined;
  const booking = bookings[command.booking];
  return booking && { unit: booking.unit.id, period: booking.period, live: booking.live };
}
