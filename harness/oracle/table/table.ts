import { CrossnatError } from '../../error.ts';
import { clientEntries } from './clients.ts';
import type { Entry } from './entry.ts';
import { filteringEntries } from './filtering.ts';
import { impairmentEntries } from './impairments.ts';
import { lifeEntries } from './life.ts';
import { otherSystemEntries } from './other-systems.ts';
import { placementEntries } from './placement.ts';
import { portEntries } from './ports.ts';
import { pppEntries } from './ppp.ts';
import { proposalEntries } from './proposals.ts';
import { scriptEntries } from './script.ts';
import { windowsEntries } from './windows.ts';

/** The rule table: the single list of all rules, by chapter, with code or without. */
export const chapters = {
  placement: placementEntries,
  filtering: filteringEntries,
  script: scriptEntries,
  windows: windowsEntries,
  ports: portEntries,
  proposals: proposalEntries,
  life: lifeEntries,
  ppp: pppEntries,
  clients: clientEntries,
  impairments: impairmentEntries,
  'other systems': otherSystemEntries,
} as const;

export type Chapter = keyof typeof chapters;
export type RuleId = (typeof chapters)[Chapter][number]['id'];

/** All entries, in the order of the chapters. */
export const entries: readonly Entry<RuleId>[] = Object.values(chapters).flat();

const byId = new Map<string, Entry<RuleId>>(entries.map((entry) => [entry.id, entry]));

/** The row of this id. Throws `bad-data` where the table has none. */
export function entryOf(id: string): Entry<RuleId> {
  const entry = byId.get(id);
  if (entry !== undefined) return entry;
  throw new CrossnatError('bad-data', {
    doing: 'reading the rule table',
    found: `it has no rule ${id}`,
    remedy: 'Write the rule into harness/oracle/table/ first',
  });
}
