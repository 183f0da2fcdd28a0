import pc from 'picocolors';
import { parseCellId } from '../cell.ts';
import { factsOf } from '../cell-facts.ts';
import { commonalityText } from '../commonalities/common-text.ts';
import { type Deviation, deviationText } from '../commonalities/deviation.ts';
import { type FailureKind, failuresOf } from '../commonalities/failures.ts';
import { CrossnatError } from '../error.ts';
import { ofChecks, ofConnecting } from '../explanations/checks.ts';
import { circumstancesOf } from '../explanations/circumstances.ts';
import { explain } from '../explanations/explain.ts';
import type { Advice } from '../explanations/explanation.ts';
import { errorsText, linesOf, sourcesText } from '../explanations/stop-text.ts';
import type { CellFacts } from '../oracle/facts.ts';
import type { CellRecord } from '../record.ts';
import type { FailureSummary } from '../records/summary.ts';
import type { Topology } from '../topology.ts';
import { counted } from './summary-text.ts';

type Kind = FailureSummary['kinds'][number];

/** As many kinds of failure as one looks into at once. */
const shown = 5;

/**
 * What the failing cells have in common, and what each kind of failure means, for `summary.json`. `undefined` where
 * no cell failed.
 */
export function failureSummary(
  records: readonly CellRecord[],
  loadTopology: (name: string) => Topology,
): FailureSummary | undefined {
  const failures = failuresOf(records, loadTopology);
  if (!failures) return undefined;
  const text = commonalityText(failures.commonality);
  return {
    cells: failures.cells,
    ...(text !== undefined && { inCommon: text }),
    commonality: failures.commonality,
    kinds: failures.kinds.map((kind) => kindSummary(kind, loadTopology)),
  };
}

function kindSummary(
  { deviation, cells, commonality }: FailureKind,
  loadTopology: (name: string) => Topology,
): Kind {
  // That this kind has nothing in common either is no news.
  const tells = commonality !== undefined && !['nothing', 'no-comparison'].includes(commonality.kind);
  const text = tells ? commonalityText(commonality) : undefined;
  return {
    what: deviationText(deviation),
    ...('stage' in deviation && { stage: deviation.stage, reason: deviation.reason }),
    cells: cells.length,
    example: cells[0] ?? '',
    ...(text !== undefined && { inCommon: text }),
    explanations: explanationsOf(deviation, cells, loadTopology).map((each) => ({
      id: each.id,
      text: linesOf(each),
      sources: [...each.sources],
    })),
  };
}

function explanationsOf(
  deviation: Deviation,
  cells: readonly string[],
  loadTopology: (name: string) => Topology,
): readonly Advice[] {
  if (deviation.kind === 'connected') return [ofConnecting];
  if (deviation.kind === 'check') return [ofChecks[deviation.check]].filter((each) => each !== undefined);
  if (deviation.kind === 'conflict') return [];
  const facts = cells.flatMap((id) => factsOfCell(id, loadTopology) ?? []);
  return explain(deviation.stage, deviation.reason, circumstancesOf(facts));
}

/** `undefined` for a cell of which nothing is declared. */
function factsOfCell(id: string, loadTopology: (name: string) => Topology): CellFacts | undefined {
  try {
    const cell = parseCellId(id);
    return factsOf(cell, loadTopology(cell.topology), 0);
  } catch (error) {
    if (error instanceof CrossnatError) return undefined;
    throw error;
  }
}

/** The same for people: one line of what they have in common, and each kind of failure once, however many cells it has. */
export function failureSummaryTexts(summary: FailureSummary | undefined): string[] {
  if (!summary) return [];
  const { kinds, inCommon } = summary;
  const rest = kinds.slice(shown);
  const cellsOfRest = rest.reduce((sum, { cells }) => sum + cells, 0);
  return [
    ...(inCommon === undefined ? [] : [`${pc.bold('in common')}  ${inCommon}`]),
    ...kinds.slice(0, shown).flatMap((kind, index) => kindTexts(kind, kinds.slice(0, index))),
    ...(rest.length > 0
      ? [`  and ${rest.length} more kinds of failure in ${cellsOfRest} cells: summary.json has them`]
      : []),
  ];
}

/** What was explained with a kind above is not explained again. */
function kindTexts(kind: Kind, above: readonly Kind[]): string[] {
  const { what, stage, reason, cells, example, inCommon, explanations } = kind;
  const isExplained = what.startsWith('stopped') && stage !== undefined && reason !== undefined;
  const errors = isExplained ? errorsText({ stage, reason }) : '';
  const said = new Set(above.flatMap((other) => other.explanations.map(({ id }) => id)));
  const isNew = ({ id }: Kind['explanations'][number]) => !said.has(id);
  const isAtStop = stage !== undefined && reason !== 'unknown';
  return [
    `${counted(cells, 'cell')}: ${what}${errors}${cells === 1 ? `, in ${example}` : `, for example ${example}`}`,
    ...(inCommon === undefined ? [] : [`  ${inCommon}`]),
    ...explanations
      .filter(isNew)
      .flatMap(({ text, sources }) => [
        ...text.map((line) => `  ${line}`),
        ...(sources.length > 0 ? [pc.dim(`    ${sourcesText(sources)}`)] : []),
      ]),
    ...(isAtStop ? [pc.dim(`  more: npm test -- --explain ${stage}:${reason}`)] : []),
  ];
}
