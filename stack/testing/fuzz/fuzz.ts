import { Chance } from './chance.ts';
import type { Coverage } from './coverage.ts';
import { heldOctets } from './memory.ts';
import { minimised } from './minimise.ts';
import { mutate } from './mutation.ts';
import { type Fault, FaultFound, type Take, type Target } from './target.ts';

/** A fault, and the smallest input found that shows it. */
export interface Finding {
  readonly target: string;
  readonly fault: Fault;
  readonly message: string;
  readonly stack: string;
  readonly input: Uint8Array;
  /** False where the input alone does not show it: it takes those before it, which seed and number give again. */
  readonly alone: boolean;
}

/** A stretch of work: so many inputs that follow from the seed and the corpus. */
export interface Assignment {
  readonly target: string;
  readonly seed: string;
  readonly inputs: number;
  /** Inputs beside the target's own that earlier work found worth keeping. */
  readonly corpus: readonly Uint8Array[];
}

export interface Outcome {
  readonly inputs: number;
  readonly datagrams: number;
  readonly findings: readonly Finding[];
  /** Inputs that ran code which none before them did. */
  readonly kept: readonly Uint8Array[];
}

/** What a caller sees of the work while it goes on. */
export interface Watch {
  /** Right before each input: an input that never ends is known by this. */
  readonly before: (input: Uint8Array) => void;
  /** Asked now and then. */
  readonly isOver: () => boolean;
}

/** What one assignment may leave on the heap, beyond code and what it keeps on purpose. */
const allowedGrowth = 8 << 20;
/** Inputs after which a target has filled its caches, and growth is measured from there. */
const warmUp = 200;
const findingsEnough = 5;
/** Inputs between two looks at the counters of V8; those of an endpoint take longer than the look. */
const guidedAtOnce = { codec: 32, endpoint: 2 } as const;

const unwatched: Watch = { before: () => {}, isOver: () => false };

/**
 * Feeds a target with its seeds and then with mutations of them, and tells what was wrong. With `coverage` inputs that
 * reach new code are mutated further; without, all that is known from the beginning.
 */
export function fuzz(
  target: Target,
  assignment: Assignment,
  watch: Watch = unwatched,
  coverage?: Coverage,
): Outcome {
  const chance = new Chance(`${assignment.seed} ${target.name}`);
  const seeds = target.seeds();
  const corpus = [...seeds, ...assignment.corpus];
  const change = target.mutate ?? mutate;
  const findings: Finding[] = [];
  const kept: Uint8Array[] = [];
  let take = target.begin();
  let [inputs, datagrams, heldBefore] = [0, 0, 0];

  const give = (input: Uint8Array) => {
    watch.before(input);
    inputs++;
    try {
      datagrams += taken(target, take, input);
    } catch (error) {
      const fault = faultFrom(error);
      const known = findings.some((each) => isSame(each, { target: target.name, ...placeOf(fault) }));
      if (!known) findings.push(findingOf(target, input, fault));
      take = target.begin();
    }
    if (inputs === warmUp) heldBefore = heldOctets();
  };
  const mutant = () => change(chance, chance.oneOf(corpus), chance.oneOf(corpus));
  const goesOn = () => inputs < assignment.inputs && findings.length < findingsEnough && !watch.isOver();

  for (const seed of seeds) if (goesOn()) give(seed);
  coverage?.fresh();
  while (goesOn()) {
    if (coverage === undefined) {
      give(mutant());
      continue;
    }
    const some = Array.from({ length: guidedAtOnce[target.kind] }, mutant);
    for (const input of some) if (goesOn()) give(input);
    if (coverage.fresh() === 0) continue;
    // One of them was new: it is not told which, and all are worth another mutation.
    corpus.push(...some);
    kept.push(...some);
  }

  // Guided work keeps inputs, and counters of code.
  if (coverage === undefined && inputs > 2 * warmUp && findings.length === 0) {
    const grown = heldOctets() - heldBefore;
    if (grown > allowedGrowth) {
      const message = `${inputs} inputs leave ${Math.round(grown / 1024)} kB that nothing gives back`;
      findings.push({
        target: target.name,
        fault: 'grows',
        message,
        stack: '',
        input: new Uint8Array(),
        alone: false,
      });
    }
  }
  return { inputs, datagrams, findings, kept };
}

/** Takes one input from a new beginning, as a replay does; gives the fault, or `undefined`. */
export function faultOf(target: Target, input: Uint8Array): FaultFound | undefined {
  try {
    taken(target, target.begin(), input);
    return undefined;
  } catch (error) {
    return faultFrom(error);
  }
}

/** An input that took too long is given again, and the time of this thread counts: others may have had the rest. */
function taken(target: Target, take: Take, input: Uint8Array): number {
  const { deadlineMs } = target;
  const began = performance.now();
  const datagrams = take(input);
  if (performance.now() - began <= deadlineMs) return datagrams;
  const again = [0, 1].map(() => {
    const before = process.threadCpuUsage();
    target.begin()(input);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  });
  const shortest = Math.min(...again);
  if (shortest > deadlineMs) {
    throw new FaultFound('slow', `${Math.round(shortest)} ms where ${deadlineMs} are allowed`);
  }
  return datagrams;
}

function findingOf(target: Target, input: Uint8Array, found: FaultFound): Finding {
  const { fault, message, stack } = placeOf(found);
  const shows = (smaller: Uint8Array) => {
    const found = faultOf(target, smaller);
    return found !== undefined && found.fault === fault && sameKind(found.message, message);
  };
  const alone = shows(input);
  const smallest = alone ? minimised(input, shows) : input;
  return { target: target.name, fault, message, stack, input: smallest, alone };
}

function faultFrom(error: unknown): FaultFound {
  if (error instanceof FaultFound) return error;
  const found = new FaultFound('throws', String(error));
  if (error instanceof Error && error.stack !== undefined) found.stack = error.stack;
  return found;
}

function placeOf({ fault, message, stack = '' }: FaultFound): Pick<Finding, 'fault' | 'message' | 'stack'> {
  return { fault, message, stack };
}

type Place = Pick<Finding, 'target' | 'fault' | 'message' | 'stack'>;

/** The same fault at the same place. */
export function isSame(a: Place, b: Place): boolean {
  const line = ({ stack }: Place) => stack.split('\n').find((each) => /^ *at /.test(each));
  return (
    a.target === b.target && a.fault === b.fault && line(a) === line(b) && sameKind(a.message, b.message)
  );
}

/** Numbers in a message change as an input shrinks. */
function sameKind(a: string, b: string): boolean {
  const shape = (text: string) => text.replace(/[0-9a-f]*\d[0-9a-f]*/g, '#');
  return shape(a) === shape(b);
}
