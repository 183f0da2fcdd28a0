import type { ReadStream } from 'node:tty';
import { CrossnatError } from '../error.ts';
import type { StandingLab } from '../reaper/labs.ts';
import type { CellRecord } from '../record.ts';

/** What of a terminal's input a pause needs. */
export type Terminal = Pick<
  ReadStream,
  'isTTY' | 'readableEnded' | 'on' | 'once' | 'off' | 'pause' | 'resume'
>;

/** Throws a usage error where nobody could type Enter. */
export function checkTerminal({ isTTY }: Pick<Terminal, 'isTTY'>): void {
  if (isTTY) return;
  throw new CrossnatError('usage', {
    doing: 'preparing to pause',
    found: 'standard input is no terminal: nobody could type Enter, and the run would wait for ever',
    remedy: 'Run it in a terminal, or give --keep --bail: the lab of the first failing cell stays up then',
  });
}

/**
 * What a person who asked for a pause is told: what happened, how to enter each node, and how it goes on.
 * @param labs all that stand
 */
export function pausedTexts(record: CellRecord, labs: readonly StandingLab[]): string[] {
  const { cell, verdict, why } = record;
  const lab = labs.find(({ id }) => id === record.lab?.id);
  return [
    `Paused: ${cell} is ${verdict}: ${why}`,
    ...(lab ? labTexts(lab) : ['No lab of this cell is up.']),
    'Enter goes on, Ctrl-D goes on without further pauses, Ctrl-C ends the run.',
  ];
}

function labTexts({ id, topology, nodes }: StandingLab): string[] {
  return [
    `The lab ${id} of ${topology} is up, its boxes as this cell set them, its peers disconnected.`,
    'Enter a node from another terminal:',
    ...nodes
      .map(({ name }) => name)
      .sort()
      .map((name) => `  npm run shell -- ${id}/${name}`),
  ];
}

/** Resolves with a line on the terminal, or its end; or when `signal` aborts. */
export function enterOr(signal: AbortSignal, terminal: Terminal): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      terminal.off('data', over).off('end', over);
      signal.removeEventListener('abort', over);
      terminal.pause();
      resolve();
    };
    if (signal.aborted || terminal.readableEnded) return over();
    terminal.once('data', over).once('end', over).resume();
    signal.addEventListener('abort', over, { once: true });
  });
}
