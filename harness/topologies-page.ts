import { readFileSync, writeFileSync } from 'node:fs';
import { diagram } from './diagram.ts';
import { loadTopology, topologyNames } from './topologies.ts';
import type { Hold } from './topology.ts';

export const topologiesPageFile = new URL('../docs/topologies.md', import.meta.url);

const marker = '<!-- Drawn from topologies/*.yaml by `npm run docs`; edit those, not what follows. -->\n';

/** The page with its drawings made anew: what stands above the marker is written by hand and stays. */
export function topologiesPage(page: string): string {
  const end = page.indexOf(marker);
  if (end === -1) throw new Error(`docs/topologies.md has lost its marker line: ${marker}`);
  return page.slice(0, end) + [marker, ...topologyNames().map(section)].join('\n');
}

function section(name: string): string {
  const topology = loadTopology(name);
  const variants = Object.entries(topology.variants).map(
    ([variant, { summary }]) => `- \`nat=${variant}\`: ${summary}\n`,
  );
  const { hold, web } = topology;
  const happens = hold ? `\nOnce a connection has proved that it carries traffic, ${holdText(hold)}.\n` : '';
  const list = variants.length === 0 ? '' : `\nVariants:\n\n${variants.join('')}`;
  const browsed = web === undefined ? '' : `\n\`${web}\` is there in cells with \`browse=internet\`.\n`;
  const drawing = `\`\`\`text\n${diagram(topology)}\n\`\`\``;
  return `### ${name}\n\n${topology.summary}.\n\n${drawing}\n${browsed}${happens}${list}`;
}

function holdText({ idleSeconds, rebind }: Hold): string {
  if (rebind) {
    const address = rebind.address === undefined ? '' : ` and has ${rebind.address} outside`;
    return `${rebind.box} gives all its mappings other ports${address}; the client speaks first then`;
  }
  return `nobody sends anything through it for ${idleSeconds} s; the office speaks first then`;
}

if (import.meta.main) {
  writeFileSync(topologiesPageFile, topologiesPage(readFileSync(topologiesPageFile, 'utf8')));
}
