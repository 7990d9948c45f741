const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Whether a client's text can be the id of a booking or a quote at all; the database refuses others loudly. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
