import { type SaRecord, saOffset, sequenceNumber } from './record.ts';

/**
 * Whether this sequence number may still be taken (RFC 4303 3.4.3, appendix A2.2 without ESN): not
 * zero, which no sender uses (3.3.3), not left of the window, not taken before. Changes nothing, for
 * nothing may change before the ICV held.
 */
export function isFresh(record: SaRecord, sequence: number): boolean {
  const highest = sequenceNumber(record);
  if (sequence > highest) return true;
  const window = record.getUint32(saOffset.replayWindow, true);
  if (sequence === 0 || sequence <= highest - window) return false;
  return !isTaken(record, sequence % window);
}

/** Marks a fresh sequence number as taken and moves the window's right edge there if it lies beyond. */
export function take(record: SaRecord, sequence: number): void {
  const window = record.getUint32(saOffset.replayWindow, true);
  const highest = sequenceNumber(record);
  if (sequence > highest) {
    // The bits are a ring: those of the numbers that are new in the window still show older packets.
    const firstNew = Math.max(highest + 1, sequence - window + 1);
    for (let number = firstNew; number < sequence; number += 1) setTaken(record, number % window, false);
    record.setUint32(saOffset.sequenceNumber, sequence, true);
  }
  setTaken(record, sequence % window, true);
}

function isTaken(record: SaRecord, bit: number): boolean {
  return ((record.getUint8(saOffset.window + (bit >> 3)) >> (bit & 7)) & 1) === 1;
}

function setTaken(record: SaRecord, bit: number, taken: boolean): void {
  const at = saOffset.window + (bit >> 3);
  const mask = 1 << (bit & 7);
  const octet = record.getUint8(at);
  record.setUint8(at, taken ? octet | mask : octet & ~mask);
}
