import type { IncomingMessage } from 'node:http';

export type OriginCheck = (request: IncomingMessage) => boolean;

/**
 * Whether a browser on this page may use the API: the same origin, one of `allowedOrigins`, or no
 * browser page at all. Without it any page could read and book with what a visitor may reach.
 */
export function createOriginCheck(allowedOrigins: readonly string[]): OriginCheck {
  const allowed = new Set(allowedOrigins);
  return ({ headers }) => {
    const { origin, host } = headers;
    if (origin !== undefined) return allowed.has(origin) || isSameHost(origin, host);
    return headers['sec-fetch-site'] !== 'cross-site';
  };
}

/** The scheme is not compared: behind a proxy that ends TLS we do not see it. */
function isSameHost(origin: string, host: string | undefined): boolean {
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
