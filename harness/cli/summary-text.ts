import Table from 'cli-table3';
import pc from 'picocolors';
import { outcomeText } from '../expectation.ts';
import { median } from '../measure/tool-output.ts';
import { type CellRecord, type Verdict, verdicts } from '../record.ts';
import type { Counts, LabTimes, RunSummary } from '../records/summary.ts';
import { agreementText } from './agreement-text.ts';
import type { ListedCell } from './suites.ts';
import { type Tier, tiersOf } from './tier.ts';

const colours: Readonly<Record<Verdict, (text: string) => string>> = {
  pass: pc.green,
  fail: pc.red,
  unsupported: pc.dim,
  unavailable: pc.yellow,
  broken: pc.magenta,
};

/** The verdict in its colour, with what keeps it from being plain. */
export function verdictText({ verdict, flaky, disputed }: CellRecord): string {
  const marks = [flaky ? 'flaky' : '', disputed ? 'disputed' : ''].filter((mark) => mark !== '');
  return [flaky ? pc.yellow(verdict) : colours[verdict](verdict), ...marks].join(' ');
}

/** The table at the end of a run: one line for each cell. */
export function resultTable(records: readonly CellRecord[]): string {
  const table = new Table({
    head: ['cell', 'verdict', 'expected', 'reached', 'proposals', 'connect', 'up/down'].map(pc.bold),
    // Colours are ours: the table's own would show where no terminal is.
    style: { head: [], border: [], compact: true },
  });
  for (const record of records) {
    const name = record.repeat === 1 ? record.cell : `${record.cell} @${record.repeat}`;
    const { first, others } = record;
    if (!first || !others) {
      table.push([name, verdictText(record), ...clientColumns(record)]);
      continue;
    }
    table.push([name, verdictText(record), '', '', '', '', '']);
    for (const [index, client] of [{ ...record, ...first }, ...others].entries()) {
      table.push([
        `  client ${index + 1}`,
        colours[client.verdict](client.verdict),
        ...clientColumns(client),
      ]);
    }
  }
  return table.toString();
}

/** What one client was expected to reach, and what it did. */
function clientColumns(client: Pick<CellRecord, 'expectation' | 'observed' | 'connectMs'>): string[] {
  const { expectation, observed, connectMs } = client;
  return [
    expectation ? outcomeText(expectation.outcome) : '',
    observed?.stageReached ?? '',
    proposals(client),
    connectMs === undefined ? '' : `${Math.round(connectMs)} ms`,
    throughput(client),
  ];
}

function proposals({ observed }: Pick<CellRecord, 'observed'>): string {
  const seen = observed?.client?.phase1 ? observed.client : observed?.responder;
  return [seen?.phase1, seen?.phase2].filter((text) => text !== undefined).join(' / ');
}

function throughput({ observed }: Pick<CellRecord, 'observed'>): string {
  const traffic = observed?.traffic;
  if (traffic?.upMbps === undefined && traffic?.downMbps === undefined) return '';
  const rate = (mbps: number | undefined) => (mbps === undefined ? '-' : mbps.toFixed(0));
  return `${rate(traffic.upMbps)}/${rate(traffic.downMbps)} Mbit/s`;
}

/** As many reasons as one reads. */
const mostReasons = 10;

/** What labs and cells took, a line or two for each lab. */
export function labTimesTexts({ labs }: Pick<RunSummary, 'labs'>): string[] {
  return labs.flatMap((lab) => labTexts(lab).map((text) => `topology  ${text}`));
}

/** Why cells could not be played, each reason once: a machine that lacks something lacks it for many. */
export function unavailableTexts(records: readonly CellRecord[]): string[] {
  const missed = records.filter(({ verdict }) => verdict === 'unavailable');
  const reasons = [...Map.groupBy(missed, ({ why }) => why)];
  const more = reasons.length - mostReasons;
  return [
    ...reasons.slice(0, mostReasons).map(([why, [first, ...others]]) => {
      const alike = others.length > 0 ? ` (and ${counted(others.length, 'more cell')})` : '';
      return `${colours.unavailable('unavailable')}  ${pc.bold(first?.cell ?? '')}${alike}: ${why}`;
    }),
    ...(more > 0 ? [`and ${counted(more, 'more reason')}: results.jsonl has them`] : []),
  ];
}

/** Counts of every verdict, disputed apart, and the canary. `path` is where the records are. */
export function totalsText(summary: RunSummary, path: string): string[] {
  const { agreement, canary, units } = summary;
  return [
    `cells     ${countsText(summary.counts)}${summary.flaky > 0 ? pc.yellow(`, ${summary.flaky} flaky`) : ''}`,
    ...(total(summary.disputed) > 0 ? [`disputed  ${countsText(summary.disputed)}`] : []),
    ...(summary.notRun > 0
      ? [`not run   ${summary.notRun}: npm test -- --resume ${path} plays the rest`]
      : []),
    ...(agreement ? [`agreement ${agreementText(agreement)}`] : []),
    ...(canary ? [`canary    ${canaryText(canary)}`] : []),
    ...(units ? [`tests     ${units.passed} passed, ${units.failed} failed, ${units.skipped} skipped`] : []),
    `records   ${path}`,
  ];
}

/** Which tier was played, and what the same command leaves to higher ones. */
export function tierText(tier: Tier, beyond: readonly ListedCell[]): string {
  const higher = tiersOf(beyond);
  const more = higher.map(([name, count]) => `; ${counted(count, 'more cell')} in ${name}`).join('');
  const [last] = higher.at(-1) ?? [];
  return `tier      ${tier}${more}${last === undefined ? '' : ` (--tier ${last})`}`;
}

function canaryText({ cell, verdict }: NonNullable<RunSummary['canary']>): string {
  const text = `${cell} expected to connect: ${verdict}`;
  return verdict === 'fail' ? `${text}, as it must` : pc.red(`${text}; it must fail`);
}

/** What one topology with one connecting cell took, and what every further cell in it. */
function labTexts({ topology, upMs, connectingMs, otherMs, downMs }: LabTimes): string[] {
  const [first, ...further] = connectingMs;
  const alone = first === undefined ? [] : [`first connecting cell in ${seconds(first)}`];
  const down = downMs === undefined ? 'kept' : `down in ${seconds(downMs)}`;
  const all = first === undefined || downMs === undefined ? '' : ` (${seconds(upMs + first + downMs)})`;
  const more = [
    ...(further.length > 0 ? [cellTimes(further, 'further connecting cell')] : []),
    ...(otherMs.length > 0 ? [cellTimes(otherMs, 'other cell')] : []),
  ];
  return [
    `${topology}: ${[`up in ${seconds(upMs)}`, ...alone, down].join(', ')}${all}`,
    ...(more.length > 0 ? [`${topology}: ${more.join('; ')}`] : []),
  ];
}

/** `1 other cell in 2.2 s`, `4 other cells at 2.2 s (slowest 3.1 s)`: the median. */
function cellTimes(times: readonly number[], what: string): string {
  const middle = seconds(median(times) ?? 0);
  if (times.length === 1) return `1 ${what} in ${middle}`;
  return `${counted(times.length, what)} at ${middle} (slowest ${seconds(Math.max(...times))})`;
}

export function countsText(counts: Counts): string {
  return verdicts
    .filter((verdict) => counts[verdict] > 0 || verdict === 'pass' || verdict === 'fail')
    .map((verdict) =>
      counts[verdict] > 0 ? colours[verdict](`${counts[verdict]} ${verdict}`) : `0 ${verdict}`,
    )
    .join(', ');
}

function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** `1 cell`, `2 cells`. */
export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
