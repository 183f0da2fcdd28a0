import type { Instant } from '../../../stack/engine.ts';
import { concat } from '../../../stack/octets.ts';
import { writeChecksum } from './fragment.ts';
import { headerLengthOf } from './packet.ts';

/** Linux waits so long (ipfrag_time); RFC 1122 3.3.2 would have it from 60 to 120 seconds. */
const patienceMs = 30_000;
/** Packets of which parts are missing; a further one takes the place of the oldest. */
const mostAtOnce = 64;
const mostOctets = 65_535;

interface Part {
  readonly from: number;
  readonly octets: Uint8Array;
}

interface Gathered {
  readonly expiresAt: Instant;
  /** In the order of their places, without overlap. */
  readonly parts: Part[];
  header: Uint8Array | undefined;
  /** Octets of the whole, once its last part has come. */
  length: number | undefined;
}

/** Puts the fragments of IPv4 packets together (RFC 791 3.2), with bounded memory and for a bounded time. */
export class Reassembly {
  /** Oldest first. */
  readonly #gathered = new Map<string, Gathered>();

  /** Packets that are not whole yet. */
  get size(): number {
    return this.#gathered.size;
  }

  /**
   * Takes a fragment; gives the packet once it is whole. One that comes twice counts once. Parts that overlap are
   * thrown away with all that belongs to them: whoever cuts a packet makes none (RFC 5722 3 says it of IPv6, Linux
   * does it to both).
   */
  add(fragment: Uint8Array, now: Instant): Uint8Array | undefined {
    for (const [key, { expiresAt }] of this.#gathered) if (expiresAt <= now) this.#gathered.delete(key);
    const headerLength = headerLengthOf(fragment);
    const view = new DataView(fragment.buffer, fragment.byteOffset, fragment.byteLength);
    const field = view.getUint16(6);
    const from = (field & 0x1fff) * 8;
    const octets = fragment.subarray(headerLength, view.getUint16(2));
    const key = [view.getUint32(12), view.getUint32(16), view.getUint8(9), view.getUint16(4)].join(' ');
    const gathered = this.#gathered.get(key) ?? this.#begin(key, now);
    const isLast = (field & 0x2000) === 0;
    const isWrong =
      from + octets.length > mostOctets ||
      (!isLast && octets.length % 8 !== 0) ||
      (isLast && gathered.length !== undefined && gathered.length !== from + octets.length);
    if (isWrong || !placed(gathered.parts, { from, octets })) {
      this.#gathered.delete(key);
      return undefined;
    }
    if (from === 0) gathered.header = fragment.subarray(0, headerLength);
    if (isLast) gathered.length = from + octets.length;
    const whole = wholeOf(gathered);
    if (whole !== undefined) this.#gathered.delete(key);
    return whole;
  }

  #begin(key: string, now: Instant): Gathered {
    const [oldest] = this.#gathered.keys();
    if (this.#gathered.size >= mostAtOnce && oldest !== undefined) this.#gathered.delete(oldest);
    const begun = { expiresAt: now + patienceMs, parts: [], header: undefined, length: undefined };
    this.#gathered.set(key, begun);
    return begun;
  }
}

/** Puts a part in its place; false where it overlaps another. The same part once more is there already. */
function placed(parts: Part[], part: Part): boolean {
  const end = part.from + part.octets.length;
  const isKnown = parts.some(
    ({ from, octets }) => from === part.from && octets.length === part.octets.length,
  );
  if (isKnown) return true;
  if (parts.some(({ from, octets }) => from < end && part.from < from + octets.length)) return false;
  parts.push(part);
  parts.sort((a, b) => a.from - b.from);
  return true;
}

function wholeOf({ parts, header, length }: Gathered): Uint8Array | undefined {
  if (header === undefined || length === undefined) return undefined;
  let reached = 0;
  for (const { from, octets } of parts) {
    if (from !== reached) return undefined;
    reached += octets.length;
  }
  if (reached !== length) return undefined;
  const whole = concat(header, ...parts.map(({ octets }) => octets));
  new DataView(whole.buffer, whole.byteOffset).setUint16(2, whole.length);
  whole.fill(0, 6, 8);
  writeChecksum(whole);
  return whole;
}
