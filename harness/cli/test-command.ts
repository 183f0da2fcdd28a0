import { type Cell, cellId } from '../cell.ts';
import { expectation } from '../cell-expectation.ts';
import { factsOf } from '../cell-facts.ts';
import { cellSettings } from '../cell-settings.ts';
import { CrossnatError } from '../error.ts';
import { networkSettings } from '../network-settings.ts';
import { type RunPlan, selectionOf } from '../records/run-plan.ts';
import { benches, type PlannedCell, plan, shuffled } from '../runner/plan.ts';
import { inShard, type Shard } from '../runner/shard.ts';
import { loadTopology } from '../topologies.ts';
import { checkoutName } from './checkout.ts';
import { chooseCells } from './choose.ts';
import { runToResume } from './earlier-run.ts';
import { explainCellJson, explainCellText, explainJson, explainText } from './explain.ts';
import { impairmentsJson, impairmentsText } from './impairment-list.ts';
import { listJson, listText } from './list.ts';
import { profilesJson, profilesText } from './profile-list.ts';
import { ruleCoverage } from './rule-coverage.ts';
import { rulesJson, rulesText } from './rule-list.ts';
import type { SelectedCell } from './select.ts';
import { shellWord } from './shell-word.ts';
import type { TestOptions } from './test-options.ts';
import { plannedId, TestRun } from './test-run.ts';

/** `npm test`: lists the selected cells, or plays them, and without a filter the project's own tests before them. */
export async function testCommand(options: TestOptions, argv: readonly string[]): Promise<number> {
  if (options.listImpairments) {
    process.stdout.write(options.json ? impairmentsJson() : impairmentsText());
    return 0;
  }
  if (options.listProfiles) {
    process.stdout.write(options.json ? profilesJson() : profilesText());
    return 0;
  }
  if (typeof options.explain === 'string') {
    process.stdout.write(options.json ? explainJson(options.explain) : explainText(options.explain));
    return 0;
  }
  const command = ['npm test', ...(argv.length > 0 ? ['--', ...argv.map(shellWord)] : [])].join(' ');
  if (options.resume !== undefined) return resumed(options, options.resume);
  const { cells: all, beyond } = await chooseCells(options);
  const { planned, selection } = planOf(all, options);
  const own = new Set(planned.map(({ cell }) => cell));
  const selected = all.filter(({ cell }) => own.has(cell));
  if (options.list && options.rules) {
    const rows = ruleCoverage(
      selected.map(({ cell }) => cell),
      (cell) => expectation(cell, loadTopology(cell.topology)),
    );
    process.stdout.write(options.json ? rulesJson(rows) : rulesText(rows));
    return 0;
  }
  if (options.list) {
    const sources = { loadTopology, expect: expectation };
    process.stdout.write(
      options.json ? listJson(selected, sources) : listText(selected, options.verbose, sources),
    );
    return 0;
  }
  const cells = selected.map(({ cell }) => cell);
  checkData(cells, options);
  if (options.explain === true) {
    const text = options.json ? explainCellJson : explainCellText;
    for (const cell of cells) process.stdout.write(text(cell, loadTopology(cell.topology)));
    return 0;
  }
  return new TestRun(options, { cells: planned, selection, beyond, command }).run();
}

/** What this run plays, in its order, and the name of what all shards play together. */
function planOf(
  selected: readonly SelectedCell[],
  { repeat, shuffle, shard }: TestOptions,
): { readonly planned: readonly PlannedCell[]; readonly selection: RunPlan['selection'] } {
  const all = plan(
    selected.map(({ cell }) => cell),
    repeat,
  );
  const ordered = shuffle === undefined ? all : shuffled(all, shuffle);
  const planned =
    shard === undefined ? benches(ordered).flatMap(({ cells }) => cells) : inShard(ordered, shard);
  if (planned.length === 0 && shard !== undefined) throw emptyShard(shard, all.length);
  return { planned, selection: selectionOf(all.map(plannedId)) };
}

/** Plays what an interrupted run left open, as that run was asked to. */
async function resumed(options: TestOptions, given: string): Promise<number> {
  const earlier = runToResume(given, options.results, await checkoutName());
  const { plan: its, open } = earlier;
  const { fabric, seed, shard } = its;
  if (options.fabric !== 'auto' && options.fabric !== fabric) {
    throw new CrossnatError('usage', {
      doing: 'resuming a run',
      found: `--fabric ${options.fabric} is asked for, and ${earlier.run} was begun with ${fabric}`,
      remedy: 'Leave --fabric out, or begin anew with it',
    });
  }
  if (options.list) {
    process.stdout.write(open.map((planned) => `${cellId(planned.cell)}\n`).join(''));
    return 0;
  }
  return new TestRun(
    { ...options, fabric, seed, shard },
    { cells: open, selection: its.selection, beyond: [], command: its.command, earlier },
  ).run();
}

function emptyShard({ index, of }: Shard, cells: number): CrossnatError {
  return new CrossnatError('usage', {
    doing: 'choosing the shard',
    found: `shard ${index} of ${of} has none of the ${cells} cells`,
    remedy: `Divide them among ${cells} at most`,
  });
}

/**
 * Throws for what nothing needs to be started to see: the malformed file of a topology or of a NAT kind, and in a
 * cell that was typed a profile or a user that nobody knows.
 */
function checkData(cells: readonly Cell[], { filter, seed }: TestOptions): void {
  const networks = new Map(cells.map((cell) => [`${cell.topology}/${cell.nat}`, cell]));
  for (const { topology, nat } of networks.values()) networkSettings(loadTopology(topology), nat);
  if (filter.cell === undefined) return;
  for (const cell of cells) {
    const topology = loadTopology(cell.topology);
    factsOf(cell, topology, 0);
    cellSettings(cell, topology, seed, 0);
  }
}
