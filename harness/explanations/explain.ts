import type { Reason, Stage } from '../stage.ts';
import { ofData, ofTheUnknown } from './data.ts';
import type { Circumstance, Explanation, Stop } from './explanation.ts';
import { ofIke } from './ike.ts';

/** All that there are, in the order of the stages. */
export const explanations: readonly Explanation[] = [...ofIke, ...ofData];

/** What is said of a stop at once is as much as one reads. */
const most = 2;

/**
 * What a stop means where these circumstances hold: the explanations that name them, else those that name none, two at
 * most. Where none speaks of it, that the evidence does not show why.
 */
export function explain(
  stage: Stage,
  reason: Reason,
  holding: ReadonlySet<Circumstance>,
): readonly Explanation[] {
  const speaking = explanationsAt({ stage, reason }).filter(({ where = [] }) =>
    where.every((circumstance) => holding.has(circumstance)),
  );
  const placed = speaking.filter(({ where }) => where !== undefined);
  const chosen = placed.length > 0 ? placed : speaking;
  return chosen.length === 0 ? [ofTheUnknown] : chosen.slice(0, most);
}

/** All that speak of a stop, whatever the circumstances; without a reason, all of its stage. */
export function explanationsAt({ stage, reason }: Stop): readonly Explanation[] {
  return explanations.filter(({ at }) =>
    at.some(
      (stop) =>
        stop.stage === stage && (reason === undefined || stop.reason === undefined || stop.reason === reason),
    ),
  );
}
