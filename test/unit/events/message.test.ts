import { describe, expect, it } from 'vitest';
import { encodeEnvelope } from '../../../src/events/envelope.ts';
import { decodeMessage } from '../../../src/events/message.ts';
import { createEnvelopeSigner } from '../../../src/events/signature.ts';
import { eventOf } from '../cache/world.ts';

const unsigned = createEnvelopeSigner(null);

describe('a message', () => {
  const event = eventOf(['a']);
  const envelope = encodeEnvelope(event);

  it('gives the event its place in the log, to the last digit', () => {
    expect(decodeMessage(7, `1790000000123457|1790000000000000|${envelope}`, unsigned)).toEqual({
      event,
      partition: 7,
      base: 1_790_000_000_000_000n,
      sequence: 1_790_000_000_123_457n,
    });
  });

  it.each([
    ['', 'nothing'],
    [envelope, 'no numbers'],
    [`12|${envelope}`, 'one number'],
    [`1.79e+15|1|${envelope}`, 'a rounded number'],
    [`-1|1|${envelope}`, 'a negative number'],
    ['12|1|{}', 'an envelope that is none'],
  ])('%# with %s is refused', (text) => {
    expect(decodeMessage(7, text, unsigned)).toBeNull();
  });
});
