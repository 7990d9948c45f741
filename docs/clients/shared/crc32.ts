/** The reversed polynomial of CRC-32 (IEEE 802.3). */
const POLYNOMIAL = 0xed_b8_83_20;

const TABLE = Uint32Array.from({ length: 256 }, (_none, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ POLYNOMIAL : rest >>> 1;
  return rest;
});

/** CRC-32 (IEEE) of an ASCII text as 8 lower-case hex digits; browsers have none of their own. */
export function crc32(text: string): string {
  let sum = 0xff_ff_ff_ff;
  for (const byte of new TextEncoder().encode(text))
    sum = (TABLE[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);
  return ((sum ^ 0xff_ff_ff_ff) >>> 0).toString(16).padStart(8, '0');
}
