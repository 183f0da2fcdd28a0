import { readFileSync, writeFileSync } from 'node:fs';
import { stages } from '../stage.ts';
import { explanationsAt } from './explain.ts';
import type { Explanation, Stop } from './explanation.ts';
import { linesOf, sourcesText, stopsAt, stopText } from './stop-text.ts';
import { type WindowsError, windowsErrors, windowsErrorsAt } from './windows-errors.ts';

export const troubleshootingPageFile = new URL('../../docs/troubleshooting.md', import.meta.url);

const marker =
  '<!-- Written from harness/explanations/ by `npm run docs`; edit those, not what follows. -->\n';

/** The page with its tables made anew: what stands above the marker is written by hand and stays. */
export function troubleshootingPage(page: string): string {
  const end = page.indexOf(marker);
  if (end === -1) throw new Error(`docs/troubleshooting.md has lost its marker line: ${marker}`);
  const errors = [
    '## By what the Windows user sees',
    '',
    '| number | on | what it says, in other words | where it stopped | source |',
    '|---|---|---|---|---|',
    ...windowsErrors.map(errorRow),
  ];
  const sections = stages.flatMap((stage) =>
    stopsAt(stage).flatMap((stop) => ['', `### ${stopText(stop)}`, '', ...stopLines(stop)]),
  );
  return `${page.slice(0, end)}${marker}\n${[...errors, '', '## By where it stopped', ...sections].join('\n')}\n`;
}

function errorRow({ number, systems, says, at, sources }: WindowsError): string {
  const on = systems === 'all' ? 'all' : systems;
  return `| ${number} | ${on} | ${says} | ${at.map(link).join(', ')} | ${sourcesText(sources)} |`;
}

/** To the heading of a stop, by the name that Markdown viewers give it. */
function link(stop: Stop): string {
  const text = stopText(stop);
  return `[${text}](#${text.replace(': ', '-')})`;
}

function stopLines(stop: Stop): string[] {
  const numbers = windowsErrorsAt(stop).map(({ number }) => number);
  return [
    ...(numbers.length > 0 ? [`Windows may show ${numbers.join(', ')}.`, ''] : []),
    ...explanationsAt(stop).flatMap(explanationLines),
  ];
}

function explanationLines(explanation: Explanation): string[] {
  const [means = '', ...remedies] = linesOf(explanation);
  const said = means.replace(/^\[(.*?)\] /, '**$1:** ');
  return [`- ${said}`, ...remedies.map((line) => `  ${line}`), `  - *${sourcesText(explanation.sources)}*`];
}

if (import.meta.main) {
  writeFileSync(troubleshootingPageFile, troubleshootingPage(readFileSync(troubleshootingPageFile, 'utf8')));
}
