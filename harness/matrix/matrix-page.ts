import { readFileSync, writeFileSync } from 'node:fs';
import { CrossnatError } from '../error.ts';
import { type MatrixAxis, matrixAxes } from './axes.ts';
import { blocks } from './blocks.ts';

export const matrixPageFile = new URL('../../docs/matrix.md', import.meta.url);
const [begin, end] = ['<!-- axes:begin -->', '<!-- axes:end -->'];

/** The page with its tables as the data have them; what is written by hand outside the markers stays. */
export function matrixPage(page: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) {
    throw new CrossnatError('bad-data', {
      doing: `writing ${matrixPageFile.pathname}`,
      found: 'the page lost a marker line',
      remedy: `Put ${begin} and ${end} back where the tables stand`,
    });
  }
  return `${page.slice(0, from)}${begin}\n${tables()}\n${page.slice(to)}`;
}

function tables(): string {
  return [
    '| axis | what | default | values |',
    '|---|---|---|---|',
    ...matrixAxes().map(axisRow),
    '',
    '| what `full` crosses completely | axes, with values where not all |',
    '|---|---|',
    ...blocks.map(({ about, of }) => {
      const axes = Object.entries(of).map(([name, values]) =>
        values === 'all'
          ? `\`${name}\``
          : `\`${name}\` (${values.map((value) => `\`${value}\``).join(', ')})`,
      );
      return `| ${about} | ${axes.join(' × ')} |`;
    }),
  ].join('\n');
}

function axisRow({ name, about, values, representatives, masking = [] }: MatrixAxis): string {
  const [first] = values;
  const usual = name === 'topology' ? 'none' : `\`${first}\``;
  const few = representatives && representatives.length < values.length;
  const said = values.map((value) => `\`${value}\`${masking.includes(value) ? ' (masks)' : ''}`);
  const only = few ? `<br>pairs of ${representatives.map((value) => `\`${value}\``).join(', ')}` : '';
  return `| \`${name}\` | ${about} | ${usual} | ${said.join(', ')}${only} |`;
}

if (import.meta.main) {
  writeFileSync(matrixPageFile, matrixPage(readFileSync(matrixPageFile, 'utf8')));
}
