import { type RuleRow, ruleTotals } from './rule-coverage.ts';

/** Every rule of the table as `--list --rules` prints it: its state, how many of the selected cells show it, and one of them. */
export function rulesText(rows: readonly RuleRow[]): string {
  const width = Math.max(...rows.map(({ entry }) => entry.id.length));
  const chapters = Map.groupBy(rows, ({ chapter }) => chapter);
  const blocks = [...chapters].map(
    ([chapter, members]) => `${chapter}\n${members.map((row) => line(row, width)).join('')}`,
  );
  return `${blocks.join('\n')}\n${totalsText(rows)}`;
}

function line({ entry, cells, example }: RuleRow, width: number): string {
  const { id, state, when, must, readings, unplayed, why } = entry;
  const indent = ' '.repeat(width + 4);
  const shown = example === undefined ? 'no cell' : `${cells} ${cells === 1 ? 'cell' : 'cells'}: ${example}`;
  return [
    `  ${id.padEnd(width)}  ${state.replace('-', ' ')}, ${why ?? shown}`,
    `${indent}${when}: ${must}`,
    ...(unplayed === undefined ? [] : [`${indent}not played: ${unplayed}`]),
    ...(readings ? [`${indent}reading a: ${readings.a}`, `${indent}reading b: ${readings.b}`] : []),
  ]
    .map((text) => `${text}\n`)
    .join('');
}

function totalsText(rows: readonly RuleRow[]): string {
  const { exercised, idle, notBuilt, disputed } = ruleTotals(rows);
  const shown = rows.filter(({ entry, cells }) => entry.state === 'disputed' && cells > 0).length;
  return [
    `built and exercised      ${exercised}`,
    `built and not exercised  ${idle}`,
    `not built                ${notBuilt}`,
    `disputed                 ${disputed}, of which ${shown} exercised`,
  ]
    .map((text) => `${text}\n`)
    .join('');
}

/** The same for programs. */
export function rulesJson(rows: readonly RuleRow[]): string {
  const rules = rows.map(({ entry, chapter, cells, example }) => ({ ...entry, chapter, cells, example }));
  return `${JSON.stringify({ rules, totals: ruleTotals(rows) }, null, 2)}\n`;
}
