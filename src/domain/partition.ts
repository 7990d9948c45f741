/**
 * A region's keys and events live together in one of 16 partitions: one change touches one log, one
 * batch of reads is one MGET. What belongs to no region lives in the pseudo-region `*`.
 */
export const PARTITIONS = 16;

/** The pseudo-region of reference data, providers and global aggregates. */
export const GLOBAL_REGION = '*';

/** CRC-16/XMODEM, the checksum of Redis Cluster's key slots. */
export function crc16(text: string): number {
  let crc = 0;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1)
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

const known = new Map<string, number>();
const KNOWN_LIMIT = 4096;

/** The partition of a region code or of {@link GLOBAL_REGION}. */
export function partitionOf(region: string): number {
  const cached = known.get(region);
  if (cached !== undefined) return cached;
  const partition = crc16(region) % PARTITIONS;
  if (known.size < KNOWN_LIMIT) known.set(region, partition);
  return partition;
}
