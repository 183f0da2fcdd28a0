import type { CellRecord } from '../record.ts';
import type { Topology } from '../topology.ts';

/** What a person who asked for a pause is told: what happened, how to enter each node, and how it goes on. */
export function pausedTexts(record: CellRecord, loadTopology: (name: string) => Topology): string[] {
  const { cell, verdict, why, lab, axes } = record;
  const nodes = lab ? Object.keys(loadTopology(String(axes.topology)).nodes) : [];
  return [
    `Paused: ${cell} is ${verdict}: ${why}`,
    ...(lab
      ? [`The lab ${lab.id} is up. Enter a node with:`]
      : ['No lab is up: this cell did not come to one.']),
    ...nodes.map((name) => `  npm run shell -- ${lab?.id}/${name}`),
    'Enter goes on; Ctrl-C ends the run.',
  ];
}

/** Resolves with a line on standard input, or its end; or when `signal` aborts. */
export function enterOr(signal: AbortSignal): Promise<void> {
  const { stdin } = process;
  return new Promise((resolve) => {
    const over = () => {
      stdin.off('data', over).off('end', over);
      signal.removeEventListener('abort', over);
      stdin.pause();
      resolve();
    };
    if (signal.aborted) return over();
    stdin.once('data', over).once('end', over).resume();
    signal.addEventListener('abort', over, { once: true });
  });
}
