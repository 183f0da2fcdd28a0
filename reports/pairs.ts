import { parseCellId, peerOf } from '../harness/cell.ts';
import { saSpecifications } from '../harness/facts/how-to.ts';
import { loadTopology } from '../harness/topologies.ts';
import { Footnotes, markdownTable, plain } from './markdown.ts';
import { controlsOf, isOurs, type PairResult, pairResults } from './pair-results.ts';
import { legend, resultText } from './pair-state.ts';
import { byPlacement } from './placement-order.ts';
import { provenance, shortVersion, versionList } from './provenance.ts';
import type { Recording, RunLine } from './recording.ts';

/**
 * Who connects with whom, as Markdown: a table for each placement of NAT, rows clients and columns responders; one for
 * the SA specifications and port settings with our stack on one side; the reasons; the versions; where it is from.
 */
export function pairsReport({ runs, cells }: Recording): string {
  const all = pairResults(cells);
  const notes = new Footnotes();
  const tables = placementsOf(all).map((placement) => placementTable(placement, all, runs, notes));
  return [
    `${legend}.`,
    ...tables,
    ...settingsTable(all, notes),
    notes.list(),
    versionList(runs),
    provenance({ runs, cells }),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The placements in which our stack meets strangers, or strangers each other. */
function placementsOf(all: readonly PairResult[]): string[] {
  const strangers = all.filter(({ setting, ...pair }) => setting === '' && isForeign(pair));
  return [...new Set(strangers.map(({ placement }) => placement))].sort(byPlacement);
}

function isForeign({ client, responder }: Pick<PairResult, 'client' | 'responder'>): boolean {
  return !isOurs(client) || !isOurs(responder);
}

function placementTable(
  placement: string,
  all: readonly PairResult[],
  runs: readonly RunLine[],
  notes: Footnotes,
): string {
  const here = all.filter((one) => one.placement === placement && one.setting === '');
  const [clients, responders] = (['client', 'responder'] as const).map((role) =>
    oursFirst(here.map((one) => one[role])),
  );
  const rows = (clients ?? []).map((client) => [
    headed(client, runs),
    ...(responders ?? []).map((responder) => {
      const found = here.find((one) => one.client === client && one.responder === responder);
      return found ? withReason(found, all, notes) : '·';
    }),
  ]);
  const head = ['client ↓ responder →', ...(responders ?? []).map((responder) => headed(responder, runs))];
  const { summary } = loadTopology(parseCellId(placement).topology);
  return `**${placement}**: ${summary}\n\n${markdownTable(head, rows)}`;
}

/** Every name once: our stack, then the others by name. */
function oursFirst(names: readonly string[]): string[] {
  return [...new Set(names)].sort().sort((a, b) => Number(isOurs(b)) - Number(isOurs(a)));
}

/** A peer as a table's head names it, with its version below. */
function headed(value: string, runs: readonly RunLine[]): string {
  const version = shortVersion(peerOf(value).peer, runs);
  return version === undefined ? `\`${value}\`` : `\`${value}\`<br>${version}`;
}

/** The result, with a mark for its reason unless it connects and there is nothing more to say. */
function withReason(of: PairResult, all: readonly PairResult[], notes: Footnotes): string {
  const { result } = of;
  if (result.state === 'connects' && !result.flaky) return resultText(result);
  return `${resultText(result)} ${notes.mark([plain(result.why), ...controlTexts(of, all)].join('. '))}`;
}

/** What strangers did in our stack's place, where a pair with it does not connect. */
function controlTexts(of: PairResult, all: readonly PairResult[]): string[] {
  if (of.result.state !== 'failed' && of.result.state !== 'stops') return [];
  const byResult = Map.groupBy(controlsOf(of, all), ({ result }) => resultText(result));
  return [...byResult].map(([result, controls]) => {
    const pairs = controls.map(({ client, responder }) => `\`${client}\` with \`${responder}\``);
    return `Control (${result}): ${pairs.join(', ')}`;
  });
}

/** Settings of the responder's phase 2 that the second table has a column for. */
const settings: readonly (readonly [setting: string, head: string])[] = [
  ...Object.entries(saSpecifications).map(
    ([number, transform]) => [`p2=${number}`, `\`p2=${number}\`<br>${transform}`] as const,
  ),
  ['ports=rport', '`ports=rport`'],
  ['ports=none', '`ports=none`'],
];

/** Each SA specification alone and each port setting, over all placements: only what differs is spelled out. */
function settingsTable(all: readonly PairResult[], notes: Footnotes): string[] {
  const ours = all.filter(({ client, responder }) => isOurs(client) || isOurs(responder));
  const set = ours.filter(({ setting }) => settings.some(([name]) => name === setting));
  const strangers = set.filter(isForeign);
  if (strangers.length === 0) return [];
  const placements = [...new Set(strangers.map(({ placement }) => placement))].sort(byPlacement);
  const pairs = Map.groupBy(strangers, ({ client, responder }) => `\`${client}\` → \`${responder}\``);
  const rows = [...pairs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([pair, members]) => [
      pair,
      ...settings.map(([setting]) =>
        overPlacements(
          members.filter((one) => one.setting === setting),
          placements.length,
          all,
          notes,
        ),
      ),
    ]);
  const head = ['client → responder', ...settings.map(([, text]) => text)];
  const title = `**The responder's SA specifications each alone, and its port settings**, over ${placements.join(', ')}`;
  return [`${title}\n\n${markdownTable(head, rows)}`];
}

/** The one result of all these placements, or each with the placements that it is of. */
function overPlacements(
  members: readonly PairResult[],
  placements: number,
  all: readonly PairResult[],
  notes: Footnotes,
): string {
  if (members.length === 0) return '·';
  const alike = Map.groupBy(members, (one) => withReason(one, all, notes));
  return [...alike]
    .map(([text, these]) =>
      these.length === placements ? text : `${text}: ${these.map(({ placement }) => placement).join(', ')}`,
    )
    .join('<br>');
}
