import type { CellLine } from './recording.ts';

/**
 * What became of a cell, from worst to best, as an operator reads it. `stops`: it does not connect, and that is what
 * the rule table says of it.
 */
const states = ['failed', 'broken', 'unavailable', 'unsupported', 'stops', 'connects'] as const;
type State = (typeof states)[number];

/** What became of one cell, in all the runs in which it was played. */
export interface CellResult {
  /** The worst of its runs. */
  readonly state: State;
  /** Where it stopped as declared: `phase2: no-proposal-chosen`, of the first client that did. */
  readonly stopsAt: string | undefined;
  readonly why: string;
  readonly flaky: boolean;
  readonly disputed: boolean;
  /** In how many of its runs it was like this. */
  readonly times: number;
  readonly of: number;
}

/** What these lines, all of one cell, say of it together; `undefined` of none. */
export function resultOf(lines: readonly CellLine[]): CellResult | undefined {
  const [worst] = lines.toSorted((a, b) => states.indexOf(stateOf(a)) - states.indexOf(stateOf(b)));
  if (worst === undefined) return undefined;
  const state = stateOf(worst);
  return {
    state,
    stopsAt: state === 'stops' ? worst.expected.find((outcome) => outcome !== 'connect') : undefined,
    why: worst.why,
    flaky: lines.some(({ flaky }) => flaky),
    disputed: worst.disputed ?? false,
    times: lines.filter((line) => stateOf(line) === state).length,
    of: lines.length,
  };
}

function stateOf({ verdict, expected }: CellLine): State {
  if (verdict === 'fail') return 'failed';
  if (verdict !== 'pass') return verdict;
  return expected.every((outcome) => outcome === 'connect') ? 'connects' : 'stops';
}

const signs: Readonly<Record<State, string>> = {
  connects: '✓ connects',
  stops: '✗',
  unsupported: '– unsupported',
  unavailable: '? unavailable',
  broken: '? broken',
  failed: '**FAILED**',
};

/** What each sign of a table means. */
export const legend = [
  '✓ connects',
  '✗ does not connect, at the stage and for the reason that the rule table gives',
  '– a peer declares that it cannot do this',
  '**FAILED** not what the rule table says',
  '? could not be shown',
  '· not played',
].join('; ');

/** The result in a few words, without its reasons. */
export function resultText({ state, stopsAt, flaky, disputed, times, of }: CellResult): string {
  return [
    signs[state],
    ...(stopsAt === undefined ? [] : [stopsAt]),
    ...(times < of ? [`in ${times} of ${of} runs`] : []),
    ...(flaky ? ['(flaky)'] : []),
    ...(disputed ? ['(disputed)'] : []),
  ].join(' ');
}
