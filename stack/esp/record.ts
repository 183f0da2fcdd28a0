/**
 * The state of one direction of an SA: one ArrayBuffer of fixed layout, so that any thread or
 * language that gets the buffer can read it. Little endian; counters are IEEE doubles, exact up to 2^53.
 *
 * | offset | type | field |
 * |---|---|---|
 * | 0 | uint32 | `spi` |
 * | 4 | uint32 | `sequenceNumber`: outbound the last one sent; inbound the highest one whose ICV held (the right edge of the window) |
 * | 8 | uint32 | `replayWindow`: packets |
 * | 16 | float64 | `packets` sealed or opened |
 * | 24 | float64 | `octets` of clear payload in them |
 * | 32 | float64 | `replayed` |
 * | 40 | float64 | `badIcv` |
 * | 48 | float64 | `badPadding` |
 * | 56 | float64 | `malformed` |
 * | 64 | 128 octets | the window: bit `sequence number mod replayWindow`, low bit first, set when that packet was taken |
 */
export const saRecordLength = 192;
export const maximumReplayWindow = 1024;

export const saOffset = {
  spi: 0,
  sequenceNumber: 4,
  replayWindow: 8,
  packets: 16,
  octets: 24,
  replayed: 32,
  badIcv: 40,
  badPadding: 48,
  malformed: 56,
  window: 64,
} as const;

export type SaCounter = 'packets' | 'octets' | 'replayed' | 'badIcv' | 'badPadding' | 'malformed';

/** The record through which all functions of this room read and write. */
export type SaRecord = DataView<ArrayBuffer>;

export function createSaRecord(spi: number, replayWindow: number): SaRecord {
  const record = new DataView(new ArrayBuffer(saRecordLength));
  record.setUint32(saOffset.spi, spi, true);
  record.setUint32(saOffset.replayWindow, replayWindow, true);
  return record;
}

export function sequenceNumber(record: SaRecord): number {
  return record.getUint32(saOffset.sequenceNumber, true);
}

export function counter(record: SaRecord, name: SaCounter): number {
  return record.getFloat64(saOffset[name], true);
}

export function count(record: SaRecord, name: SaCounter, amount = 1): void {
  record.setFloat64(saOffset[name], counter(record, name) + amount, true);
}
