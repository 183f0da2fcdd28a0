import type { Sa } from './packet.ts';
import { highOf, saOffset } from './record.ts';

/** ICVs in a row that must fail before another upper half is tried. */
export const failuresBeforeResynchronisation = 64;
/** Upper halves that are tried then: so many times 2^32 packets may have been lost. */
export const upperHalvesTried = 4;

/**
 * The way back after a loss of 2^32 packets and more, which leaves the receiver with the wrong upper half of
 * an extended sequence number (RFC 4303 appendix A3): every so many failures in a row a packet that failed
 * is tried with the next upper halves. A stranger who sends rubbish makes the receiver compute a few per
 * cent more ICVs, and no more. Gives the whole sequence number under which the packet did open.
 * @param sequence the one under which it did not
 */
export function resynchronised(
  { crypto, record }: Sa,
  pool: Uint8Array,
  offset: number,
  length: number,
  sequence: number,
): number | undefined {
  const failures = record.getUint32(saOffset.failures, true) + 1;
  record.setUint32(saOffset.failures, failures % failuresBeforeResynchronisation, true);
  if (failures < failuresBeforeResynchronisation) return undefined;
  for (let ahead = 1; ahead <= upperHalvesTried; ahead += 1) {
    const later = sequence + ahead * 0x1_0000_0000;
    if (Number.isSafeInteger(later) && crypto.open(pool, offset, length, highOf(later))) return later;
  }
  return undefined;
}
