import type { Instant } from '../engine.ts';
import type { Fragment } from '../isakmp/fragment.ts';
import { concat, equalOctets } from '../octets.ts';

/** [MS-IKEE] 3.3.2 allows up to 90 seconds, Windows waits 70 (note 17). */
const patienceMs = 70_000;
/** What UDP carries at the most. */
const maximumMessageOctets = 65_535;
/** Messages under way at once, from one sender and from all. */
const maximumFromOne = 4;
const maximumFromAll = 64;

/** The fragments of one message so far. */
interface Gathered {
  readonly from: string;
  readonly parts: Map<number, Uint8Array>;
  readonly expiresAt: Instant;
  octets: number;
  /** Number of the last fragment, once that has come. */
  last: number | undefined;
}

export interface Addition {
  /** The whole message, once nothing of it is missing. */
  readonly message?: Uint8Array;
  /** Why something was thrown away. */
  readonly dropped?: string;
}

/**
 * Puts the fragments of ISAKMP messages together again ([MS-IKEE] 3.3.5.3), in whatever order and however
 * often they come. Nothing vouches for a fragment before the whole message is authentic: so what is kept is
 * bounded in number, size and time, and fragments that contradict each other are not mixed.
 */
export class FragmentAssembly {
  /** By sender and fragment id, oldest first. */
  readonly #gathered = new Map<string, Gathered>();

  /** Messages that are not whole yet. */
  get size(): number {
    return this.#gathered.size;
  }

  /** @param from who sends: fragments of different senders never meet */
  add(from: string, fragment: Fragment, now: Instant): Addition {
    this.#expire(now);
    const key = `${from} ${fragment.id}`;
    const before = this.#gathered.get(key);
    const contradiction = before && contradictionTo(before, fragment);
    // An id may name the next message already (strongSwan has one for all): the newer one is believed.
    const gathered =
      before === undefined || contradiction !== undefined ? this.#begin(key, from, now) : before;
    const { number, last, data } = fragment;
    if (!gathered.parts.has(number)) {
      gathered.parts.set(number, data.slice());
      gathered.octets += data.length;
    }
    if (last) gathered.last = number;
    const dropped = contradiction === undefined ? {} : { dropped: contradiction };
    if (gathered.octets > maximumMessageOctets) {
      this.#gathered.delete(key);
      return { dropped: `fragments of more than ${maximumMessageOctets} octets` };
    }
    if (gathered.parts.size !== gathered.last) return dropped;
    this.#gathered.delete(key);
    const inOrder = [...gathered.parts].toSorted(([a], [b]) => a - b).map(([, part]) => part);
    return { ...dropped, message: concat(...inOrder) };
  }

  #begin(key: string, from: string, now: Instant): Gathered {
    this.#gathered.delete(key);
    const own = [...this.#gathered.entries()].filter(([, gathered]) => gathered.from === from);
    const candidates = own.length >= maximumFromOne ? own : [...this.#gathered.entries()];
    const full = candidates === own || candidates.length >= maximumFromAll;
    const [oldest] = candidates;
    if (full && oldest !== undefined) this.#gathered.delete(oldest[0]);
    const begun = { from, parts: new Map(), expiresAt: now + patienceMs, octets: 0, last: undefined };
    this.#gathered.set(key, begun);
    return begun;
  }

  #expire(now: Instant): void {
    for (const [key, { expiresAt }] of this.#gathered) if (expiresAt <= now) this.#gathered.delete(key);
  }
}

/** Why a fragment cannot be of the same message as those before it; a repetition is no contradiction. */
function contradictionTo(
  { parts, last: end }: Gathered,
  { number, last, data }: Fragment,
): string | undefined {
  const known = parts.get(number);
  if (known !== undefined && !equalOctets(known, data)) return `two fragments ${number} of other octets`;
  if (end !== undefined && number > end) return `fragment ${number} behind the last one, ${end}`;
  if (last && end !== undefined && number !== end) return `two last fragments, ${end} and ${number}`;
  const beyond = last ? [...parts.keys()].find((each) => each > number) : undefined;
  return beyond === undefined ? undefined : `the last fragment ${number} after fragment ${beyond}`;
}
