import { readFileSync, writeFileSync } from 'node:fs';
import { type ImpairmentRow, impairmentTable, reactionText } from './impairment-table.ts';
import { ruleTable } from './oracle/oracle.ts';

export const impairmentsPageFile = new URL('../docs/impairments.md', import.meta.url);

const marker =
  '<!-- Written from stack/impairment/ and the rule table by `npm run docs`; edit those, not what follows. -->\n';

/** The page with its table made anew: what stands above the marker is written by hand and stays. */
export function impairmentsPage(page: string): string {
  const end = page.indexOf(marker);
  if (end === -1) throw new Error(`docs/impairments.md has lost its marker line: ${marker}`);
  const rows = impairmentTable();
  const table = [
    '| name | played by | why one wants it | what a correct peer does | rule and source |',
    '|---|---|---|---|---|',
    ...rows.map(row),
  ];
  const values = [
    '| name | parameter | values | usual |',
    '|---|---|---|---|',
    ...rows.flatMap(({ name, takes }) =>
      takes.map((each) => `| \`${name}\` | ${each.name} | ${each.values} | ${each.usual ?? ''} |`),
    ),
  ];
  const examples = rows.map((each) => `- ${each.examples.map((text) => `\`${text}\``).join(', ')}`);
  const sections = [
    ['## What there is', ...table],
    ['## What they take', ...values],
    ['## What tests play', 'Each by every end that can, between two endpoints of ours:', ...examples],
  ];
  return `${page.slice(0, end)}${marker}\n${sections.map(([title, ...rest]) => `${title}\n\n${rest.join('\n')}\n`).join('\n')}`;
}

function row({ name, parameters, reason, reactions }: ImpairmentRow): string {
  const title = parameters === '' ? name : `${name}:${parameters}`;
  const ends = reactions.map(({ end }) => end).join(', ');
  const said = new Map(
    reactions.map(({ end, reaction }) => [`**${reactionText(reaction)}**; ${reaction.words}`, end]),
  );
  const words = [...said].map(([text, end]) => (said.size === 1 ? text : `${end}: ${text}`)).join('<br>');
  const rule = ruleTable.find(({ id }) => id === `IMPAIR-${name.toUpperCase()}`);
  return `| \`${title}\` | ${ends} | ${reason} | ${words} | ${rule?.id}: ${rule?.source} |`;
}

if (import.meta.main) {
  writeFileSync(impairmentsPageFile, impairmentsPage(readFileSync(impairmentsPageFile, 'utf8')));
}
