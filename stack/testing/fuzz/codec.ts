import type { Decoded } from '../../decode.ts';
import { FaultFound, type Take, type Target } from './target.ts';
import { sameValue, weightOf } from './value.ts';

/** Milliseconds that a codec may take over one datagram. */
const codecDeadlineMs = 200;
/** One input in so many is weighed: that takes longer than most codecs. */
const weighedOnceIn = 16;
/** What a decoded value may weigh: in proportion to the octets that it was read from, each a few numbers at most. */
const weightPerOctet = 24;
const weightAtLeast = 512;

/** A target that takes octets by a plain function. */
export function codec(
  name: string,
  about: string,
  seeds: () => readonly Uint8Array[],
  take: (input: Uint8Array) => unknown,
): Target {
  const begin = (): Take => {
    let taken = 0;
    return (input) => {
      const value = take(input);
      if (taken++ % weighedOnceIn === 0) requireInProportion(value, input);
      return 1;
    };
  };
  return { name, kind: 'codec', about, deadlineMs: codecDeadlineMs, seeds, begin };
}

/** A codec with both directions: what it reads it writes so that the same is read again. */
export function roundTrip<T>(
  name: string,
  about: string,
  seeds: () => readonly Uint8Array[],
  decode: (input: Uint8Array) => Decoded<T>,
  encode: (value: T) => Uint8Array,
  meaning: (value: T) => unknown = (value) => value,
): Target {
  return codec(name, about, seeds, (input) => {
    const first = decode(input);
    if (!first.ok) {
      requireInside(first.error.offset, input);
      return first.error;
    }
    const written = encode(first.value);
    const second = decode(written);
    if (!second.ok) throw new FaultFound('wrong', `what it wrote it does not read: ${second.error.detail}`);
    if (!sameValue(meaning(first.value), meaning(second.value))) {
      throw new FaultFound('wrong', 'what it wrote reads as something else');
    }
    return first.value;
  });
}

/** A `DecodeError` names a place in the buffer, or its end. */
function requireInside(offset: number, input: Uint8Array): void {
  if (offset < 0 || offset > input.length) {
    throw new FaultFound('wrong', `an error at octet ${offset} of ${input.length}`);
  }
}

function requireInProportion(value: unknown, input: Uint8Array): void {
  const weight = weightOf(value);
  if (weight > weightAtLeast + weightPerOctet * input.length) {
    throw new FaultFound('grows', `${input.length} octets became a value of ${weight}`);
  }
}
