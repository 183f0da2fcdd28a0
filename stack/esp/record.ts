/**
 * The state of one direction of an SA: one ArrayBuffer of fixed layout, so that any thread or
 * language that gets the buffer can read it. Little endian; counters are IEEE doubles, exact up to 2^53.
 *
 * | offset | type | field |
 * |---|---|---|
 * | 0 | uint32 | `spi` |
 * | 4 | uint32 | `sequenceNumber`: outbound the last one sent; inbound the highest one whose ICV held (the right edge of the window). Its lower half where it is extended |
 * | 8 | uint32 | `replayWindow`: packets |
 * | 12 | uint32 | `sequenceHigh`: the upper half; 0 without extended sequence numbers |
 * | 16 | float64 | `packets` sealed or opened |
 * | 24 | float64 | `octets` of clear payload in them |
 * | 32 | float64 | `replayed` |
 * | 40 | float64 | `badIcv` |
 * | 48 | float64 | `badPadding` |
 * | 56 | float64 | `malformed` |
 * | 64 | float64 | `dummies`: packets of next header 59, which are in no other counter |
 * | 72 | uint32 | `failures`: ICVs in a row that did not hold |
 * | 80 | uint32s | the window: bit `sequence number mod ringBits(replayWindow)`, low bit first, set when that packet was taken |
 */
export const saOffset = {
  spi: 0,
  sequenceNumber: 4,
  replayWindow: 8,
  sequenceHigh: 12,
  packets: 16,
  octets: 24,
  replayed: 32,
  badIcv: 40,
  badPadding: 48,
  malformed: 56,
  dummies: 64,
  failures: 72,
  window: 80,
} as const;

export const maximumReplayWindow = 4096;

export type SaCounter = 'packets' | 'octets' | 'replayed' | 'badIcv' | 'badPadding' | 'malformed' | 'dummies';

/** The record through which all functions of this room read and write. */
export type SaRecord = DataView<ArrayBuffer>;

/**
 * Bits that a window of so many packets takes: a power of two, so that the lower half of a sequence
 * number is enough to find its bit, and a word more than the window, so that the window moves by whole
 * words (the scheme of RFC 6479).
 */
export function ringBits(replayWindow: number): number {
  let bits = 32;
  while (bits < replayWindow + 32) bits *= 2;
  return bits;
}

export function saRecordLength(replayWindow: number): number {
  return saOffset.window + ringBits(replayWindow) / 8;
}

export function createSaRecord(spi: number, replayWindow: number): SaRecord {
  const record = new DataView(new ArrayBuffer(saRecordLength(replayWindow)));
  record.setUint32(saOffset.spi, spi, true);
  record.setUint32(saOffset.replayWindow, replayWindow, true);
  return record;
}

const two32 = 0x1_0000_0000;

/** The whole number, both halves. */
export function sequenceNumber(record: SaRecord): number {
  return (
    record.getUint32(saOffset.sequenceHigh, true) * two32 + record.getUint32(saOffset.sequenceNumber, true)
  );
}

export function setSequenceNumber(record: SaRecord, sequence: number): void {
  record.setUint32(saOffset.sequenceHigh, highOf(sequence), true);
  record.setUint32(saOffset.sequenceNumber, sequence % two32, true);
}

/** Upper half of a sequence number. */
export function highOf(sequence: number): number {
  return Math.floor(sequence / two32);
}

export function counter(record: SaRecord, name: SaCounter): number {
  return record.getFloat64(saOffset[name], true);
}

export function count(record: SaRecord, name: SaCounter, amount = 1): void {
  record.setFloat64(saOffset[name], counter(record, name) + amount, true);
}
