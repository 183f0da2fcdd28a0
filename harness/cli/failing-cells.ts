import { dirname, join } from 'node:path';
import pc from 'picocolors';
import type { CellRecord } from '../record.ts';
import { counted, verdictText } from './summary-text.ts';

/** As many failing cells as one reads; what they have in common says more of the others. */
const mostShown = 10;

/**
 * For cells that are not as expected: why, the command that plays it again, and where what was captured and logged is.
 * Of those with one reason only the first, and of many reasons only the first ones.
 * @param runs the directory in which runs have theirs
 */
export function failureTexts(records: readonly CellRecord[], runs: string): string[] {
  const failing = records.filter(({ verdict }) => verdict === 'fail' || verdict === 'broken');
  const alike = [...Map.groupBy(failing, reasonOf).values()];
  const more = alike.slice(mostShown).flat().length;
  return [
    ...alike.slice(0, mostShown).flatMap((group) => groupTexts(group, runs)),
    ...(more > 0
      ? [`and ${counted(more, 'more cell')}: results.jsonl says why, and how to play each again`]
      : []),
  ];
}

/** The same for cells that differ in their names alone. */
function reasonOf({ cell, axes, verdict, why }: CellRecord): string {
  return `${verdict} ${why.replaceAll(cell, 'it').replaceAll(String(axes.topology), 'its topology')}`;
}

function groupTexts([record, ...others]: readonly CellRecord[], runs: string): string[] {
  if (!record) return [];
  const alike = others.length > 0 ? ` (and ${counted(others.length, 'more cell')} alike)` : '';
  const evidence = evidenceOf(record);
  return [
    `${verdictText(record)}  ${pc.bold(record.cell)}${alike}: ${record.why}`,
    `      again: ${record.replay}`,
    ...(evidence === undefined ? [] : [`      files: ${join(runs, record.run, evidence)}`]),
  ];
}

/** The directory of its captures and logs, in that of its run. */
function evidenceOf({ files: { captures, logs } }: CellRecord): string | undefined {
  const [first] = [...Object.values(captures), ...Object.values(logs)];
  return first === undefined ? undefined : dirname(first);
}
