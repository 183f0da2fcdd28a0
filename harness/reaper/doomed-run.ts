/**
 * A run with one lab, for the reaper's tests to kill: says line by line how far it is, and does as it is
 * told on its standard input (`down`, `end`). It can be told to stop, as by SIGSTOP, when it has said something.
 */
import { createInterface } from 'node:readline';
import { dockerFabric } from '../fabric/docker/docker-fabric.ts';
import { smallTopology } from '../fabric/docker/small-topology.ts';
import { beginRun, endRun } from './run.ts';

const [root = '', keep, stopAt] = process.argv.slice(2);
const say = (line: string) => {
  console.log(line);
  if (stopAt !== undefined && line.startsWith(stopAt)) process.kill(process.pid, 'SIGSTOP');
};
const run = await beginRun(root);
say(`run ${run.id}`);
const plan = { topology: smallTopology, images: {}, keep: keep === 'keep' };
const lab = await dockerFabric(run, say).up(plan, new AbortController().signal);
say('up');
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'down') await lab.down();
  if (line === 'end') {
    await endRun(run);
    break;
  }
}
process.exit();
