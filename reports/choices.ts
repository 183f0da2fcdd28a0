import { cell, cellId, parseCellId } from '../harness/cell.ts';
import { markdownTable } from './markdown.ts';
import { byPlacement } from './placement-order.ts';
import { provenance } from './provenance.ts';
import type { CellLine, Recording } from './recording.ts';

/**
 * What each responder chose from what each client offers when nothing is set, as Markdown: phase 1, phase 2, the
 * revision of NAT-T and whether ESP went in UDP. A table for each placement that shows something of its own.
 */
export function choicesReport(recording: Recording): string {
  const chosen = recording.cells.filter(({ cell: id, phase1 }) => phase1 !== undefined && isUnset(id));
  const placements = [...new Set(chosen.map(({ cell: id }) => parseCellId(id).topology))].sort(byPlacement);
  const tables = placements.map((placement) => ({ placement, table: tableOf(placement, chosen) }));
  const parts = tables.map(({ placement, table }, index) => {
    const same = tables.slice(0, index).find((earlier) => earlier.table === table);
    return same ? `**${placement}**: as over ${same.placement}.` : `**${placement}**\n\n${table}`;
  });
  return [...parts, provenance(recording)].join('\n\n');
}

/** Nothing but topology and peers is said, and one client dials. */
function isUnset(id: string): boolean {
  const { topology, client, responder } = parseCellId(id);
  return cellId(cell(topology, { client, responder })) === id;
}

function tableOf(placement: string, chosen: readonly CellLine[]): string {
  const here = chosen.map((line) => ({ line, ...parseCellId(line.cell) }));
  const pairs = here.filter(({ topology }) => topology === placement);
  const names = (role: 'client' | 'responder') => [...new Set(pairs.map((pair) => pair[role]))].sort();
  const responders = names('responder');
  const rows = names('client').map((client) => [
    `\`${client}\``,
    ...responders.map((responder) => {
      const found = pairs.find((pair) => pair.client === client && pair.responder === responder);
      return found ? agreementText(found.line) : '·';
    }),
  ]);
  return markdownTable(['client ↓ responder →', ...responders.map((name) => `\`${name}\``)], rows);
}

function agreementText({ phase1, phase2, natTraversal, encapsulation }: CellLine): string {
  const esp = encapsulation === undefined ? undefined : encapsulation === 'udp' ? 'ESP in UDP' : 'ESP';
  return [phase1, phase2 ?? 'no phase 2', natTraversal, esp]
    .filter((part) => part !== undefined)
    .join('<br>');
}
