import type { Cell } from '../cell.ts';
import { expectation } from '../cell-expectation.ts';
import { factsOf } from '../cell-facts.ts';
import { cellSettings } from '../cell-settings.ts';
import { peers } from '../peers/registry.ts';
import { benches, plan, shuffled } from '../runner/plan.ts';
import { loadTopology, topologyNames } from '../topologies.ts';
import { explainCellJson, explainCellText, explainJson, explainText } from './explain.ts';
import { impairmentsJson, impairmentsText } from './impairment-list.ts';
import { listJson, listText } from './list.ts';
import type { TestOptions } from './options.ts';
import { profilesJson, profilesText } from './profile-list.ts';
import { ruleCoverage } from './rule-coverage.ts';
import { rulesJson, rulesText } from './rule-list.ts';
import { selectCells } from './select.ts';
import { listedCells } from './suites.ts';
import { TestRun } from './test-run.ts';

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
  const listed = await listedCells();
  const choice = { listed, topologies: topologyNames(), peers: [...peers.keys()], loadTopology };
  const { cells: selected, beyond } = selectCells(options.filter, options.tier, choice);
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
  const planned = plan(cells, options.repeat);
  const inOrder = benches(options.shuffle === undefined ? planned : shuffled(planned, options.shuffle));
  const command = ['npm test', ...(argv.length > 0 ? ['--', ...argv] : [])].join(' ');
  return new TestRun(
    options,
    inOrder.flatMap((bench) => bench.cells),
    beyond,
    command,
  ).run();
}

/**
 * Throws for what nothing needs to be started to see: the malformed file of a topology, and in a cell that was
 * typed a profile or a user that nobody knows.
 */
function checkData(cells: readonly Cell[], { filter, seed }: TestOptions): void {
  for (const cell of cells) {
    const topology = loadTopology(cell.topology);
    if (filter.cell === undefined) continue;
    factsOf(cell, topology, 0);
    cellSettings(cell, topology, seed, 0);
  }
}
