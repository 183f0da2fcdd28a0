import { readFileSync, writeFileSync } from 'node:fs';
import { realisation } from './fabric/docker/nat-kind-rules.ts';
import { loadNatKind, natKindNames } from './nat-kinds.ts';

export const natKindsPageFile = new URL('../docs/nat-kinds.md', import.meta.url);

const marker =
  '<!-- Made from topologies/nat-kinds/*.yaml by `npm run docs`; edit those, not what follows. -->\n';

/** The page with its tables made anew: what stands above the marker is written by hand and stays. */
export function natKindsPage(page: string): string {
  const end = page.indexOf(marker);
  if (end === -1) throw new Error(`docs/nat-kinds.md has lost its marker line: ${marker}`);
  return page.slice(0, end) + [marker, ...natKindNames().map(section)].join('\n');
}

function section(name: string): string {
  const kind = loadNatKind(name);
  const hairpin = kind.hairpin ? 'yes' : 'no';
  const rows = [
    ['mapping', kind.mapping],
    ['filtering', kind.filtering],
    ['ports', kind.ports],
    ['hairpin', hairpin],
    ['UDP timer', `${kind.udpSeconds} s, renewed ${kind.refresh}`],
    ['protocol 50', kind.esp],
    ['port 500', kind.ike],
    ['fragments', kind.fragments],
    ['in containers', inContainers(name)],
    ['source', `${kind.source} [${kind.confidence}]`],
  ];
  const table = rows.map(([property, value]) => `| ${property} | ${value} |`).join('\n');
  return `### ${name}\n\n${kind.summary}.\n\n| property | value |\n| --- | --- |\n${table}\n`;
}

function inContainers(name: string): string {
  const [one, two] = [1, 2].map((hosts) => realisation(loadNatKind(name), hosts));
  if (one?.how === 'unavailable') return `unavailable: ${one.why}`;
  if (one?.how !== 'approximated') return 'the same';
  return `approximated ${one.as}${two?.how === 'unavailable' ? '; unavailable for several' : ''}`;
}

if (import.meta.main) {
  writeFileSync(natKindsPageFile, natKindsPage(readFileSync(natKindsPageFile, 'utf8')));
}
