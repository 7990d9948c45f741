import { describe, expect, test } from 'vitest';
import { BookCheck } from '../../../../src/cli/verify-book/book-check.ts';
import { readBookEvent, type BookEvent } from '../../../../src/cli/verify-book/book-event.ts';
import { bookReport } from '../../../../src/cli/verify-book/book-report.ts';
import { bookChecksum, type PriceLevel } from '../../../../src/domain/order-book.ts';

function level(cents: number, gpuCount: number): PriceLevel {
  return { rateMicros: BigInt(cents) * 10_000n, gpuCount, orderCount: 1 };
}

const ASKS = [level(200, 8), level(210, 4)];
const BIDS = [level(195, 3)];

function snapshot(sequence: bigint, bids = BIDS, asks = ASKS): BookEvent {
  return { kind: 'snapshot', sequence, bids, asks, checksum: bookChecksum({ bids, asks }) };
}

/** The delta that leaves these bids, and the asks as they were. */
function delta(
  [previousSequence, sequence]: readonly [bigint, bigint],
  bid: PriceLevel,
  bids: readonly PriceLevel[],
): BookEvent {
  const checksum = bookChecksum({ bids, asks: ASKS });
  const changes = [{ side: 'BID', ...bid } as const];
  return { kind: 'delta', previousSequence, sequence, changes, checksum };
}

function faultsOf(events: readonly BookEvent[], depth = 20): (string | undefined)[] {
  const check = new BookCheck(depth);
  return events.map((event) => check.take(event)?.kind);
}

const NEW_BID = delta([7n, 9n], level(190, 1), [...BIDS, level(190, 1)]);

describe('a book that is followed', () => {
  test('is the example of the protocol, digit by digit', () => {
    const message = {
      __typename: 'OrderBookSnapshot',
      bids: [{ usdPerGpuHour: '1.95', gpuCount: 3, orderCount: 1 }],
      asks: [{ usdPerGpuHour: '2.00', gpuCount: 8, orderCount: 1 }],
      sequence: '1',
      checksum: 'ff2d0ffe',
    };
    const check = new BookCheck(20);
    const own = bookChecksum({ bids: [level(195, 3)], asks: [level(200, 8)] });
    expect(check.take(readBookEvent({ ...message, checksum: own }))).toBeNull();
    expect(check.take(readBookEvent(message))?.kind).toBe('checksum');
  });

  test('is sound through a snapshot, deltas and heartbeats, and is counted', () => {
    const check = new BookCheck(20);
    const gone = delta([9n, 10n], level(195, 0), [level(190, 1)]);
    const checksum = bookChecksum({ bids: [level(190, 1)], asks: ASKS });
    const heartbeat: BookEvent = { kind: 'heartbeat', sequence: 10n, checksum };
    for (const event of [snapshot(7n), NEW_BID, gone, heartbeat])
      expect(check.take(event)).toBeNull();
    expect(bookReport(check)).toEqual([
      '1 snapshot, 2 deltas with 2 level changes, 1 heartbeat',
      '3 book changes up to sequence 10, 0 crossed states',
      '0 breaks (chain 0, checksum 0, levels 0)',
    ]);
  });

  test('may be empty, and crossed', () => {
    const crossed = snapshot(1n, [level(300, 1)]);
    const check = new BookCheck(20);
    expect([snapshot(0n, [], []), crossed].map((event) => check.take(event))).toEqual([null, null]);
    expect(check.counts.crossed).toBe(1);
  });

  test('breaks when a delta does not start where the last one ended, and when nothing came before', () => {
    const late = delta([8n, 9n], level(190, 1), [...BIDS, level(190, 1)]);
    expect(faultsOf([snapshot(7n), late])).toEqual([undefined, 'chain']);
    expect(faultsOf([NEW_BID])).toEqual(['chain']);
    const standing = delta([7n, 7n], level(190, 1), [...BIDS, level(190, 1)]);
    expect(faultsOf([snapshot(7n), standing])).toEqual([undefined, 'chain']);
  });

  test('breaks when one level differs although the chain holds', () => {
    const other = delta([7n, 9n], level(190, 1), [...BIDS, level(190, 2)]);
    expect(faultsOf([snapshot(7n), other])).toEqual([undefined, 'checksum']);
  });

  test('breaks when a heartbeat knows of something that never came', () => {
    const { checksum } = snapshot(7n);
    expect(faultsOf([snapshot(7n), { kind: 'heartbeat', sequence: 8n, checksum }])[1]).toBe(
      'chain',
    );
  });

  test('breaks when a level is removed that was not there', () => {
    const gone = delta([7n, 8n], level(100, 0), BIDS);
    expect(faultsOf([snapshot(7n), gone])).toEqual([undefined, 'levels']);
  });

  test('breaks when it is deeper than asked, unsorted, or has an empty level', () => {
    expect(faultsOf([snapshot(7n)], 1)).toEqual(['levels']);
    expect(faultsOf([snapshot(7n, BIDS, ASKS.toReversed())])).toEqual(['levels']);
    expect(faultsOf([snapshot(7n, BIDS, [level(200, 0)])])).toEqual(['levels']);
    expect(faultsOf([snapshot(7n, BIDS, [level(200, 1), level(200, 1)])])).toEqual(['levels']);
  });

  test('says nothing between a break and the next snapshot, which must not be older', () => {
    const check = new BookCheck(20);
    const events = [snapshot(7n), delta([8n, 9n], level(190, 1), BIDS), NEW_BID, snapshot(12n)];
    const kinds = events.map((event) => check.take(event)?.kind);
    expect(kinds).toEqual([undefined, 'chain', undefined, undefined]);
    expect(check.counts.skipped).toBe(1);
    check.restart();
    expect(check.take(snapshot(11n))?.kind).toBe('chain');
  });
});

describe('a message that is not as the contract says', () => {
  const sound = { __typename: 'OrderBookHeartbeat', sequence: '1', checksum: '00000000' };
  const side = [{ usdPerGpuHour: '1.5', gpuCount: 1, orderCount: 1 }];

  test.each([
    [null, 'the event is no object'],
    [{ ...sound, __typename: 'StreamHeartbeat' }, '__typename'],
    [{ ...sound, sequence: 1 }, 'sequence'],
    [{ ...sound, checksum: 'ABCDEF01' }, 'checksum'],
    [{ ...sound, __typename: 'OrderBookSnapshot', bids: [] }, 'asks is no list'],
    [
      {
        ...sound,
        __typename: 'OrderBookSnapshot',
        asks: side,
        bids: [{ ...side[0], gpuCount: -1 }],
      },
      'gpuCount is no whole number',
    ],
    [
      { ...sound, __typename: 'OrderBookSnapshot', asks: side, bids: [{ usdPerGpuHour: 1.5 }] },
      'usdPerGpuHour is no decimal',
    ],
    [
      { ...sound, __typename: 'OrderBookDelta', previousSequence: '0', changes: side },
      'side is neither BID nor ASK',
    ],
  ])('%j is refused', (message, reason) => {
    expect(() => readBookEvent(message)).toThrow(reason);
  });
});
