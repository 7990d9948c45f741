import { createHmac, timingSafeEqual } from 'node:crypto';

const FIELD = ',"signature":"';
const TAIL = new RegExp(`${FIELD}([\\w-]{43})"}$`);

/** Signs envelopes, and takes only signed ones where the fleet has a token. */
export interface EnvelopeSigner {
  /** The envelope with its signature as the last field. */
  seal(envelope: string): string;
  /** The envelope that was signed; null when it was not signed by this fleet. */
  open(text: string): string | null;
}

/**
 * HMAC-SHA-256 over the exact bytes of the envelope, in base64url. The signature is put in place of
 * the closing brace as the last field, so the sealed text is still one JSON object and nothing has to
 * be serialised again to check it. Without a token events are neither signed nor checked. It proves
 * who wrote an event, not its place in the log: sequences are given by Redis.
 */
export function createEnvelopeSigner(token: string | null): EnvelopeSigner {
  if (token === null) return { seal: (envelope) => envelope, open: (text) => text };
  const sign = (envelope: string): string =>
    createHmac('sha256', token).update(envelope).digest('base64url');
  return {
    seal: (envelope) => `${envelope.slice(0, -1)}${FIELD}${sign(envelope)}"}`,
    open: (text) => {
      const tail = TAIL.exec(text);
      if (!tail) return null;
      const envelope = `${text.slice(0, tail.index)}}`;
      const [, given = ''] = tail;
      return timingSafeEqual(Buffer.from(given), Buffer.from(sign(envelope))) ? envelope : null;
    },
  };
}
