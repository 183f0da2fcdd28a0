import type { SaParameters } from '../sa.ts';
import { type EspCipherShape, encryptionShapes, goTogether, integrityShapes } from './algorithms.ts';
import type { CreateEspCrypto, EspCrypto } from './crypto.ts';
import { createNodeCrypto } from './node-crypto.ts';
import {
  count,
  createSaRecord,
  highOf,
  maximumReplayWindow,
  type SaRecord,
  saOffset,
  sequenceNumber,
  setSequenceNumber,
} from './record.ts';
import { isFresh, take, wholeSequenceNumber } from './replay.ts';
import { resynchronised } from './resynchronisation.ts';

/** SPI and sequence number (RFC 4303 2.1 and 2.2). */
const headerLength = 8;
/** Pad length and next header (RFC 4303 2.5 and 2.6). */
const trailerLength = 2;
const minimumReplayWindow = 64;
/** Next header of a dummy packet (RFC 4303 2.6). */
export const noNextHeader = 59;

/** Room that `seal` needs in the pool before and after any payload, whatever the algorithms. */
export const espHeadroom = headerLength + 16;
export const espTailroom = 15 + trailerLength + 32;

/** One direction of an installed SA: its shared state, its cipher room and the lengths that shape its packets. */
export interface Sa {
  readonly record: SaRecord;
  readonly crypto: EspCrypto;
  readonly ivLength: number;
  /** Octets of an IV that `seal` has to be given; 0 where it needs none or counts by itself. */
  readonly drawnIvLength: number;
  readonly iv: EspCipherShape['iv'];
  readonly icvLength: number;
  /** Ciphertext is a multiple of this: the cipher's block, and at least 4 (RFC 4303 2.4). */
  readonly alignment: number;
  /** Extended sequence numbers (RFC 4303 2.2.1). */
  readonly extended: boolean;
}

/** Where the result lies in the pool. */
export interface Sealed {
  readonly offset: number;
  readonly length: number;
}

export interface Opened {
  readonly offset: number;
  readonly length: number;
  /** Protocol of the payload; 59 marks a dummy packet that is to be discarded (RFC 4303 2.6). */
  readonly nextHeader: number;
}

export type OpenFailure = 'replayed' | 'bad-icv' | 'bad-padding' | 'malformed';

/** Throws a RangeError where no window can be of so many packets (RFC 4303 3.4.3 asks for 32 and prefers 64). */
export function requireReplayWindow(replayWindow: number): void {
  const fits = replayWindow >= minimumReplayWindow && replayWindow <= maximumReplayWindow;
  if (!(Number.isInteger(replayWindow) && fits)) {
    throw new RangeError(
      `a replay window is ${minimumReplayWindow} to ${maximumReplayWindow} packets, not ${replayWindow}`,
    );
  }
}

/**
 * Installs one direction. `replayWindow` is in packets, 64 to 4096; an outbound SA ignores it. Throws a
 * RangeError where algorithms, keys, SPI or window cannot be.
 */
export function createSa(
  parameters: SaParameters,
  replayWindow: number,
  createCrypto: CreateEspCrypto = createNodeCrypto,
): Sa {
  const { algorithms } = parameters;
  const cipher = encryptionShapes[algorithms.encryption];
  const mac = integrityShapes[algorithms.integrity];
  if (!goTogether(algorithms)) {
    throw new RangeError(`${algorithms.encryption} and ${algorithms.integrity} do not go together`);
  }
  requireEqual('encryption key', parameters.encryptionKey.length, cipher.keyLength);
  requireEqual('integrity key', parameters.integrityKey.length, mac.keyLength);
  if (!(Number.isInteger(parameters.spi) && parameters.spi > 0 && parameters.spi <= 0xffffffff)) {
    throw new RangeError(`an SPI is 1 to 0xffffffff (RFC 4303 2.1), not ${parameters.spi}`);
  }
  requireReplayWindow(replayWindow);
  return {
    record: createSaRecord(parameters.spi, replayWindow),
    crypto: createCrypto(parameters),
    ivLength: cipher.ivLength,
    drawnIvLength: cipher.iv === 'drawn' ? cipher.ivLength : 0,
    iv: cipher.iv,
    icvLength: mac.icvLength,
    alignment: Math.max(4, cipher.blockLength),
    extended: algorithms.extendedSequenceNumbers === true,
  };
}

/**
 * The last sequence number of an outbound SA. An extended one would end at 2^64 - 1; this stack counts in
 * doubles and ends it earlier, at 2^53 - 1, which nobody will see.
 */
export function lastSequenceNumber({ extended }: Sa): number {
  return extended ? Number.MAX_SAFE_INTEGER : 0xffffffff;
}

/**
 * Turns the `length` octets of payload at `offset` into an ESP packet around them (RFC 4303 3.3),
 * in place: SPI, sequence number and IV go into the headroom, padding, trailer and ICV into the
 * tailroom. `iv` is `sa.drawnIvLength` unpredictable octets (RFC 3602 2.1). Refuses with
 * `sequence-exhausted` rather than let the sequence number cycle (RFC 4303 3.3.3): the SA must be
 * replaced. Throws a RangeError where the pool has no such room.
 */
export function seal(
  sa: Sa,
  pool: Uint8Array,
  offset: number,
  length: number,
  nextHeader: number,
  iv: Uint8Array,
): Sealed | 'sequence-exhausted' {
  const start = offset - headerLength - sa.ivLength;
  const padLength = (sa.alignment - ((length + trailerLength) % sa.alignment)) % sa.alignment;
  const cipherLength = length + padLength + trailerLength;
  const icvAt = offset + cipherLength;
  if (start < 0 || length < 0 || icvAt + sa.icvLength > pool.length) {
    throw new RangeError(`no room around ${length} octets at ${offset} in a pool of ${pool.length}`);
  }
  requireEqual('IV', iv.length, sa.drawnIvLength);

  const last = sequenceNumber(sa.record);
  if (last === lastSequenceNumber(sa)) return 'sequence-exhausted';
  const sequence = last + 1;
  const high = highOf(sequence);
  setSequenceNumber(sa.record, sequence);

  writeUint32(pool, start, sa.record.getUint32(saOffset.spi, true));
  writeUint32(pool, start + 4, sequence >>> 0);
  if (sa.iv === 'counted') {
    // The sequence number never comes twice under a key, which is all that a counter mode asks of its IV.
    writeUint32(pool, start + headerLength, high);
    writeUint32(pool, start + headerLength + 4, sequence >>> 0);
  } else {
    pool.set(iv, start + headerLength);
  }
  for (let index = 0; index < padLength; index += 1) pool[offset + length + index] = index + 1;
  pool[icvAt - 2] = padLength;
  pool[icvAt - 1] = nextHeader;
  sa.crypto.seal(pool, start, icvAt - start, high);

  countPayload(sa.record, nextHeader, length);
  return { offset: start, length: icvAt + sa.icvLength - start };
}

/**
 * Takes the ESP packet of `length` octets at `offset` apart (RFC 4303 3.4), in place. Order: shape,
 * replay window, ICV with decryption behind it, and only then window update and padding. The caller
 * found the SA by `espSpi`; the ICV covers the SPI. On failure the octets in the pool mean nothing any more.
 */
export function open(sa: Sa, pool: Uint8Array, offset: number, length: number): Opened | OpenFailure {
  const payloadAt = offset + headerLength + sa.ivLength;
  const cipherLength = length - headerLength - sa.ivLength - sa.icvLength;
  const whole = offset >= 0 && offset + length <= pool.length;
  if (!whole || cipherLength < sa.alignment || cipherLength % sa.alignment !== 0) {
    count(sa.record, 'malformed');
    return 'malformed';
  }
  const low = readUint32(pool, offset + 4);
  let sequence = sa.extended ? wholeSequenceNumber(sa.record, low) : low;
  if (!isFresh(sa.record, sequence)) {
    count(sa.record, 'replayed');
    return 'replayed';
  }
  const signedLength = length - sa.icvLength;
  if (!sa.crypto.open(pool, offset, signedLength, highOf(sequence))) {
    const later = sa.extended ? resynchronised(sa, pool, offset, signedLength, sequence) : undefined;
    if (later === undefined) {
      count(sa.record, 'badIcv');
      return 'bad-icv';
    }
    sequence = later;
  }
  sa.record.setUint32(saOffset.failures, 0, true);
  take(sa.record, sequence);

  const trailerAt = payloadAt + cipherLength - trailerLength;
  const padLength = pool[trailerAt] ?? 0;
  if (!paddingHolds(pool, payloadAt, trailerAt, padLength)) {
    count(sa.record, 'badPadding');
    return 'bad-padding';
  }
  const payloadLength = trailerAt - padLength - payloadAt;
  const nextHeader = pool[trailerAt + 1] ?? 0;
  countPayload(sa.record, nextHeader, payloadLength);
  return { offset: payloadAt, length: payloadLength, nextHeader };
}

function countPayload(record: SaRecord, nextHeader: number, octets: number): void {
  if (nextHeader === noNextHeader) return count(record, 'dummies');
  count(record, 'packets');
  count(record, 'octets', octets);
}

/** SPI of the ESP packet at `offset`, or `undefined` where there are not even four octets. */
export function espSpi(pool: Uint8Array, offset: number, length: number): number | undefined {
  return length < 4 || offset + 4 > pool.length ? undefined : readUint32(pool, offset);
}

/** Padding octets count 1, 2, 3, ... (RFC 4303 2.4, "the receiver SHOULD inspect"). */
function paddingHolds(pool: Uint8Array, payloadAt: number, trailerAt: number, padLength: number): boolean {
  const padAt = trailerAt - padLength;
  if (padAt < payloadAt) return false;
  for (let index = 0; index < padLength; index += 1) {
    if (pool[padAt + index] !== index + 1) return false;
  }
  return true;
}

function requireEqual(what: string, found: number, wanted: number): void {
  if (found !== wanted) throw new RangeError(`${what}: ${found} octets where the algorithm takes ${wanted}`);
}

function writeUint32(pool: Uint8Array, at: number, value: number): void {
  pool[at] = value >>> 24;
  pool[at + 1] = (value >>> 16) & 0xff;
  pool[at + 2] = (value >>> 8) & 0xff;
  pool[at + 3] = value & 0xff;
}

function readUint32(pool: Uint8Array, at: number): number {
  return (
    (((pool[at] ?? 0) << 24) |
      ((pool[at + 1] ?? 0) << 16) |
      ((pool[at + 2] ?? 0) << 8) |
      (pool[at + 3] ?? 0)) >>>
    0
  );
}
