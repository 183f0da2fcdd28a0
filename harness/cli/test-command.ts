import { peers } from '../peers/registry.ts';
import { benches, plan, shuffled } from '../runner/plan.ts';
import { loadTopology, topologyNames } from '../topologies.ts';
import { expectation } from './expect.ts';
import { listJson, listText } from './list.ts';
import type { TestOptions } from './options.ts';
import { selectCells } from './select.ts';
import { listedCells } from './suites.ts';
import { TestRun } from './test-run.ts';

/** `npm test`: lists the selected cells, or plays them, and without a filter the project's own tests before them. */
export async function testCommand(options: TestOptions, argv: readonly string[]): Promise<number> {
  const listed = await listedCells();
  const choice = { listed, topologies: topologyNames(), peers: [...peers.keys()], loadTopology };
  const cells = selectCells(options.filter, choice);
  if (options.list) {
    const sources = { loadTopology, expect: expectation };
    process.stdout.write(options.json ? listJson(cells, sources) : listText(cells, options.verbose, sources));
    return 0;
  }
  const planned = plan(cells, options.repeat);
  const inOrder = benches(options.shuffle === undefined ? planned : shuffled(planned, options.shuffle));
  const command = ['npm test', ...(argv.length > 0 ? ['--', ...argv] : [])].join(' ');
  return new TestRun(
    options,
    inOrder.flatMap((bench) => bench.cells),
    command,
  ).run();
}
