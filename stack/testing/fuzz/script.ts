import { concat, readUint, uint8, uint16 } from '../../octets.ts';
import type { Chance } from './chance.ts';
import { mutate } from './mutation.ts';

/** What happens to an endpoint in one step; numbers as in a script. */
export const Step = {
  /** A UDP datagram to port 500, 4500, 1701. */
  ike: 0,
  natTraversal: 1,
  l2tp: 2,
  /** An ESP packet, IP protocol 50. */
  esp: 3,
  connect: 4,
  /** An IP packet from the tun device. */
  sendIp: 5,
  close: 6,
  /** Nothing but time. */
  wait: 7,
} as const;

/** One step of a script. */
export interface ScriptStep {
  readonly step: number;
  /** Who sends it: 0 is the peer that was recorded, others are strangers. */
  readonly sender: number;
  readonly port: number;
  /** Milliseconds since the step before. */
  readonly afterMs: number;
  readonly octets: Uint8Array;
}

/** What an endpoint lives through, as octets: first which of the scenarios it is, then the steps. */
export interface Script {
  readonly scenario: number;
  readonly steps: readonly ScriptStep[];
}

const headLength = 8;
const longestScript = 400;

export function encodeScript({ scenario, steps }: Script): Uint8Array {
  return concat(
    uint8(scenario),
    ...steps.flatMap(({ step, sender, port, afterMs, octets }) => [
      Uint8Array.of(step, sender),
      uint16(port),
      uint16(Math.min(0xffff, afterMs)),
      uint16(octets.length),
      octets,
    ]),
  );
}

/** Reads any octets as a script; what is cut short at its end is left out. */
export function decodeScript(input: Uint8Array): Script {
  const steps: ScriptStep[] = [];
  for (let at = 1; at + headLength <= input.length && steps.length < longestScript; ) {
    const end = at + headLength + readUint(input, at + 6, 2);
    steps.push({
      step: readUint(input, at, 1),
      sender: readUint(input, at + 1, 1),
      port: readUint(input, at + 2, 2),
      afterMs: readUint(input, at + 4, 2),
      octets: input.subarray(at + headLength, end),
    });
    at = end;
  }
  return { scenario: input[0] ?? 0, steps };
}

/**
 * Mutates a script as a whole: what is in a step, its time and its sender, and which steps there are. Most steps stay
 * as they were, so that the connection comes far enough for those that do not to matter.
 */
export function mutateScript(chance: Chance, input: Uint8Array, other: Uint8Array): Uint8Array {
  const { scenario, steps } = decodeScript(input);
  const foreign = decodeScript(other).steps;
  const changed = [...steps];
  for (let change = 0; change <= chance.below(6); change++) {
    const at = chance.below(changed.length);
    const step = changed[at];
    if (step === undefined) break;
    const another = foreign.length > 0 && chance.onceIn(2) ? chance.oneOf(foreign) : step;
    const mutated = () => ({ ...step, octets: mutate(chance, step.octets, another.octets) });
    switch (chance.below(9)) {
      case 0:
      case 1:
        changed[at] = mutated();
        break;
      case 2:
        // Beside the true one, which comes after it.
        changed.splice(at, 0, mutated());
        break;
      case 3:
        changed.splice(at, 1);
        break;
      case 4:
        changed.splice(chance.below(changed.length), 0, step);
        break;
      case 5:
        changed.splice(chance.below(changed.length), 0, another);
        break;
      case 6:
        changed.splice(at, 1);
        changed.splice(chance.below(changed.length + 1), 0, step);
        break;
      case 7:
        changed[at] = { ...step, afterMs: chance.oneOf([0, 1, 1000, 10_000, 65_535]) };
        break;
      default:
        changed[at] = {
          ...step,
          sender: chance.below(4),
          port: chance.oneOf([step.port, 500, 4500, 61_000]),
        };
    }
  }
  return encodeScript({ scenario, steps: changed.slice(0, longestScript) });
}
