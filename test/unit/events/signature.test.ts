import { describe, expect, it } from 'vitest';
import { encodeEnvelope } from '../../../src/events/envelope.ts';
import { openEnvelope } from '../../../src/events/message.ts';
import { createEnvelopeSigner } from '../../../src/events/signature.ts';
import { eventOf } from '../cache/world.ts';

const signer = createEnvelopeSigner('a token of the fleet');
const event = eventOf(['a'], { data: { text: '","signature":"' } });
const sealed = signer.seal(encodeEnvelope(event));

describe('a signed envelope', () => {
  it('opens to what was signed', () => {
    expect(openEnvelope(sealed, signer)).toEqual(event);
  });

  it('is still one JSON object, with the signature as a field', () => {
    const { signature, ...fields } = JSON.parse(sealed) as Record<string, unknown>;
    expect(signature).toMatch(/^[\w-]{43}$/);
    expect(fields).toEqual(JSON.parse(encodeEnvelope(event)));
  });

  it('can be read by a node that has no token', () => {
    expect(openEnvelope(sealed, createEnvelopeSigner(null))).toEqual(event);
  });

  it.each([
    ['without its signature', encodeEnvelope(event)],
    ['with another token', createEnvelopeSigner('another').seal(encodeEnvelope(event))],
    ['with one byte changed', sealed.replace('"resource_id":"a"', '"resource_id":"b"')],
    ['with a space more', sealed.replace('"resource_id":', '"resource_id": ')],
    ['with its signature shortened', `${sealed.slice(0, -3)}"}`],
    ['with something after it', `${sealed} `],
    ['when nothing but a signature', `{${sealed.slice(sealed.lastIndexOf(',"signature'))}`],
  ])('is refused %s', (_, text) => {
    expect(openEnvelope(text, signer)).toBeNull();
  });
});
