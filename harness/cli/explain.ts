import { type Cell, cellId } from '../cell.ts';
import { expectation } from '../cell-expectation.ts';
import { factsOf } from '../cell-facts.ts';
import { type Expectation, outcomeText } from '../expectation.ts';
import { circumstancesOf } from '../explanations/circumstances.ts';
import { explain } from '../explanations/explain.ts';
import type { Explanation } from '../explanations/explanation.ts';
import {
  answer,
  answerLines,
  errorsText,
  linesOf,
  readQuestion,
  sourcesText,
} from '../explanations/stop-text.ts';
import type { CellFacts } from '../oracle/facts.ts';
import type { Topology } from '../topology.ts';

/** What a stage, a stage and its reason, or a Windows error means. Throws a usage error with the nearest name. */
export function explainText(what: string): string {
  return `${answerLines(readQuestion(what)).join('\n')}\n`;
}

/** The same for programs. */
export function explainJson(what: string): string {
  return `${JSON.stringify(answer(readQuestion(what)), null, 2)}\n`;
}

/** What must happen in a cell, by which rules, and what that means: for each of its clients. */
export function explainCellText(cell: Cell, topology: Topology): string {
  const clients = meaningOf(cell, topology);
  const lines = clients.flatMap(({ expected, explanations }, index) => {
    const { outcome, disputed } = expected;
    const who = clients.length === 1 ? '' : `client ${index + 1}: `;
    const errors = outcome.kind === 'stop' ? errorsText(outcome) : '';
    return [
      `${who}expected to ${outcomeText(outcome)}${disputed ? ' (disputed: the documents contradict each other)' : ''}${errors}`,
      ...expected.rules.map(({ id, source, confidence }) => `  rule ${id}: ${source} [${confidence}]`),
      ...explanations.flatMap((each) => [
        ...linesOf(each).map((line) => `  ${line}`),
        `    ${sourcesText(each.sources)}`,
      ]),
    ];
  });
  return `${[cellId(cell), ...lines].join('\n')}\n`;
}

/** The same for programs. */
export function explainCellJson(cell: Cell, topology: Topology): string {
  const clients = meaningOf(cell, topology).map(({ expected, explanations }) => ({
    ...expected,
    explanations,
  }));
  return `${JSON.stringify({ cell: cellId(cell), clients }, null, 2)}\n`;
}

interface Meaning {
  readonly expected: Expectation;
  readonly explanations: readonly Explanation[];
}

function meaningOf(cell: Cell, topology: Topology): Meaning[] {
  return expectation(cell, topology).map((expected, place) => ({
    expected,
    explanations: explanationsOf(expected, factsOf(cell, topology, place)),
  }));
}

function explanationsOf({ outcome }: Expectation, facts: CellFacts): readonly Explanation[] {
  return outcome.kind === 'connect' ? [] : explain(outcome.stage, outcome.reason, circumstancesOf([facts]));
}
