import type { SequencedEvent } from '../domain/cache-event.ts';
import { decodeEnvelope } from './envelope.ts';

const HEADER = /^(\d{1,20})\|(\d{1,20})\|/;

/**
 * A channel's message, `<sequence>|<base>|<envelope>`; null for anything else. The base travels along
 * so that a node knows at once when the numbers begin anew, without a question to Redis.
 */
export function decodeMessage(partition: number, text: string): SequencedEvent | null {
  const header = HEADER.exec(text);
  if (!header) return null;
  const [{ length }, sequence = '', base = ''] = header;
  const event = decodeEnvelope(text.slice(length));
  return event && { event, partition, base: BigInt(base), sequence: BigInt(sequence) };
}
