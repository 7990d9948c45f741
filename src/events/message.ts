import type { CacheEvent, SequencedEvent } from '../domain/cache-event.ts';
import { decodeEnvelope, MAX_ENVELOPE_LENGTH } from './envelope.ts';
import type { EnvelopeSigner } from './signature.ts';

const HEADER = /^(\d{1,20})\|(\d{1,20})\|/;

/** The event in a signed envelope; null for one that is forged, malformed or of another schema. */
export function openEnvelope(text: string, signer: EnvelopeSigner): CacheEvent | null {
  if (text.length > MAX_ENVELOPE_LENGTH) return null;
  const envelope = signer.open(text);
  return envelope === null ? null : decodeEnvelope(envelope);
}

/**
 * A channel's message, `<sequence>|<base>|<envelope>`; null for anything else. The base travels along
 * so that a node knows at once when the numbers begin anew, without a question to Redis.
 */
export function decodeMessage(
  partition: number,
  text: string,
  signer: EnvelopeSigner,
): SequencedEvent | null {
  const header = HEADER.exec(text);
  if (!header) return null;
  const [{ length }, sequence = '', base = ''] = header;
  const event = openEnvelope(text.slice(length), signer);
  return event && { event, partition, base: BigInt(base), sequence: BigInt(sequence) };
}
