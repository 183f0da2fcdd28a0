import { plain } from './markdown.ts';
import type { Recording, RunLine } from './recording.ts';

/** The number at the head of a peer's version, of each version that played: `5.9.8`. Our stack has none. */
export function shortVersion(peer: string, runs: readonly RunLine[]): string | undefined {
  const numbers = versionsOf(peer, runs).flatMap((version) => /^\d+(\.\d+)*/.exec(version)?.[0] ?? []);
  return numbers.length === 0 ? undefined : [...new Set(numbers)].join(', ');
}

/** Every peer with its whole versions, a line each. */
export function versionList(runs: readonly RunLine[]): string {
  const names = [...new Set(runs.flatMap(({ peers }) => Object.keys(peers)))].sort();
  return names.map((name) => `- \`${name}\`: ${versionsOf(name, runs).map(plain).join('; ')}`).join('\n');
}

/** What a peer says of itself, without its own name at the beginning. */
function versionsOf(peer: string, runs: readonly RunLine[]): string[] {
  const said = runs.flatMap(({ peers }) => peers[peer] ?? []);
  return [...new Set(said.map((text) => (text.startsWith(`${peer} `) ? text.slice(peer.length + 1) : text)))];
}

/** When, how often, by which command and on what machine the cells were played. */
export function provenance({ runs, cells }: Pick<Recording, 'runs' | 'cells'>): string {
  const lines = [
    `Recorded on ${listed(runs.map(({ startedAt }) => day(startedAt)))}: ${counted(cells.length, 'cell')} in ${counted(runs.length, 'run')}`,
    `by ${listed(runs.map(({ command }) => `\`${command}\``))}`,
    `on ${listed(runs.map(({ machine, engine }) => `${plain(machine)}, ${plain(engine.replace(/,.*/, ''))}`))}`,
    `at commit ${listed(runs.map(({ checkout }) => checkout.replace(/^([0-9a-f]{12})[0-9a-f]+/, '$1')))}`,
  ];
  const notRun = runs.reduce((sum, run) => sum + run.notRun, 0);
  return `${lines.join(', ')}.${notRun > 0 ? ` ${counted(notRun, 'cell')} more did not run.` : ''}`;
}

function day(startedAt: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(startedAt));
}

/** Each once, in order. */
function listed(texts: readonly string[]): string {
  return [...new Set(texts)].join('; ');
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
