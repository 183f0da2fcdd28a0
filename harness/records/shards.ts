import { CrossnatError } from '../error.ts';
import type { CellRecord } from '../record.ts';
import { plannedName, type RunPlan, selectionOf } from './run-plan.ts';

/** The run of one shard, as its directory has it. */
export interface ShardRun {
  /** As it was typed. */
  readonly directory: string;
  readonly plan: RunPlan;
  /** With its canary. */
  readonly records: readonly CellRecord[];
}

/**
 * Throws one error where these are not all shards of one run, each once and each at its end: it says which shard is
 * missing or doubled, what differs, or what has not been played.
 */
export function checkShards(runs: readonly ShardRun[]): void {
  const [first] = runs;
  if (!first) throw notWhole('no run is named', 'npm run merge -- results/one results/another');
  for (const run of runs) checkSameRun(first, run);
  const of = first.plan.shard?.of ?? 1;
  const byIndex = Map.groupBy(runs, ({ plan }) => plan.shard?.index ?? 1);
  for (const [index, same] of byIndex) {
    if (same.length === 1) continue;
    const where = [...new Set(same.map(({ directory }) => directory))].join(' and ');
    throw notWhole(`shard ${index} of ${of} comes twice: ${where}`, 'Name each shard once');
  }
  const missing = Array.from({ length: of }, (_, at) => at + 1).filter((index) => !byIndex.has(index));
  if (missing.length > 0) {
    const command = commandOfShard(first.plan.command, missing[0], of);
    if (missing.length === 1) {
      const remedy = `Name its directory, too, or run it: ${command}`;
      throw notWhole(`shard ${missing[0]} of ${of} is missing`, remedy);
    }
    const remedy = `Name their directories, too, or run each: ${command}`;
    throw notWhole(`shards ${missing.join(', ')} of ${of} are missing`, remedy);
  }
  for (const run of runs) checkEnded(run);
  const together = selectionOf(runs.flatMap(({ plan }) => plan.cells));
  if (together.digest !== first.plan.selection.digest) {
    throw notWhole(
      `together they have ${together.cells} cells, and these are not the ${first.plan.selection.cells} that were selected`,
      'Run all shards again, with one command',
    );
  }
}

/** What was typed for one shard, for another. */
function commandOfShard(command: string, index: number | undefined, of: number): string {
  const whole = command.replace(/ --shard[ =]\S+/, '');
  return `${whole}${whole.includes(' -- ') ? '' : ' --'} --shard ${index}/${of}`;
}

function checkSameRun(first: ShardRun, other: ShardRun): void {
  const facts = ({ plan }: ShardRun) => ({
    checkout: plan.checkout,
    selection: `${plan.selection.cells} cells (${plan.selection.digest})`,
    seed: plan.seed,
    fabric: plan.fabric,
    'number of shards': String(plan.shard?.of ?? 1),
  });
  const [mine, its] = [facts(first), facts(other)];
  for (const [what, value] of Object.entries(mine)) {
    const another = its[what as keyof typeof its];
    if (another === value) continue;
    throw notWhole(
      `${other.directory} is of another ${what} than ${first.directory}: ${another}, not ${value}`,
      'Merge the shards of one run: the same command on the same checkout',
    );
  }
}

function checkEnded({ directory, plan, records }: ShardRun): void {
  const have = new Set(records.filter(({ canary }) => !canary).map(plannedName));
  const open = plan.cells.filter((planned) => !have.has(plannedName(planned)));
  if (open.length === 0) return;
  throw notWhole(
    `${directory} has no record of ${open.length} of its ${plan.cells.length} cells, ${open[0]?.cell} among them`,
    `npm test -- --resume ${directory} plays them`,
  );
}

function notWhole(found: string, remedy: string): CrossnatError {
  return new CrossnatError('usage', { doing: 'merging the shards of a run', found, remedy });
}
