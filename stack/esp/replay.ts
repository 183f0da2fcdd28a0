import { ringBits, type SaRecord, saOffset, sequenceNumber, setSequenceNumber } from './record.ts';

const two32 = 0x1_0000_0000;

/**
 * The whole sequence number of a packet that shows only its lower half (RFC 4303 appendix A2.2): the one
 * that lies in the window or less than 2^32 - window beyond it. Below zero where a first packet pretends to
 * be older than the SA.
 */
export function wholeSequenceNumber(record: SaRecord, low: number): number {
  const bottom = sequenceNumber(record) - record.getUint32(saOffset.replayWindow, true) + 1;
  const candidate = Math.floor(bottom / two32) * two32 + low;
  return candidate >= bottom ? candidate : candidate + two32;
}

/**
 * Whether this sequence number may still be taken (RFC 4303 3.4.3): not zero, which no sender uses
 * (3.3.3), not left of the window, not taken before. Changes nothing, for nothing may change before
 * the ICV held.
 */
export function isFresh(record: SaRecord, sequence: number): boolean {
  const highest = sequenceNumber(record);
  if (sequence > highest) return true;
  const window = record.getUint32(saOffset.replayWindow, true);
  if (sequence <= 0 || sequence <= highest - window) return false;
  const bit = sequence & (ringBits(window) - 1);
  return ((record.getUint32(wordAt(bit), true) >>> (bit & 31)) & 1) === 0;
}

/** Marks a fresh sequence number as taken and moves the window's right edge there if it lies beyond. */
export function take(record: SaRecord, sequence: number): void {
  const mask = ringBits(record.getUint32(saOffset.replayWindow, true)) - 1;
  const highest = sequenceNumber(record);
  if (sequence > highest) {
    // The words are a ring: those that the window enters still show packets of one round before.
    const entered = Math.floor(sequence / 32) - Math.floor(highest / 32);
    const words = Math.min(entered, (mask + 1) / 32);
    for (let word = 0; word < words; word += 1) record.setUint32(wordAt((sequence - word * 32) & mask), 0);
    setSequenceNumber(record, sequence);
  }
  const bit = sequence & mask;
  const at = wordAt(bit);
  record.setUint32(at, record.getUint32(at, true) | (1 << (bit & 31)), true);
}

/** Where the word with this bit of the ring lies. */
function wordAt(bit: number): number {
  return saOffset.window + (bit >>> 5) * 4;
}
