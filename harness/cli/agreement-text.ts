import pc from 'picocolors';
import type { Agreement } from '../records/summary.ts';

/** `58 of 58 cells alike in the embedded fabric`. */
export function agreementText({ compared, disagreements }: Agreement): string {
  const text = `${compared - disagreements.length} of ${compared} cells alike in the embedded fabric`;
  return disagreements.length === 0 ? text : pc.red(text);
}

/** For each cell that the fabrics show differently: in what. */
export function disagreementTexts({ disagreements }: Agreement): string[] {
  return disagreements.map(({ cell, differences }) =>
    [
      `${pc.red('disagreement')}  ${pc.bold(cell)}:`,
      ...differences.map((difference) => `      ${difference}`),
    ].join('\n'),
  );
}
