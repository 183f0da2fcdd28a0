import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { CliOptions, Vitest } from 'vitest/node';
import type { UnitCounts } from '../records/summary.ts';

export const projectRoot = join(import.meta.dirname, '..', '..');

export interface VitestOutcome {
  readonly counts: UnitCounts;
  /** What went wrong outside any test: a file that cannot be imported, a rejection nobody handled. */
  readonly errors: readonly unknown[];
}

/** Runs vitest once, through its Node API; `signal` cancels it. */
export async function runVitest(
  options: CliOptions,
  output: Writable,
  signal: AbortSignal,
): Promise<VitestOutcome> {
  const vitest = await withOwnSignals({ root: projectRoot, watch: false, ...options }, output);
  const cancel = () => void vitest.cancelCurrentRun('keyboard-input');
  signal.addEventListener('abort', cancel);
  try {
    const { testModules, unhandledErrors } = await vitest.start();
    const states = testModules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const count = (state: string) => states.filter((one) => one === state).length;
    const [passed, failed] = [count('passed'), count('failed')];
    return {
      counts: { passed, failed, skipped: states.length - passed - failed },
      errors: [...unhandledErrors, ...testModules.flatMap((module) => module.errors())],
    };
  } finally {
    signal.removeEventListener('abort', cancel);
    await vitest.close();
  }
}

/**
 * Vitest ends the process at the first Ctrl-C, also while it is still being made; here the command line does what
 * an interruption asks for.
 */
async function withOwnSignals(options: CliOptions, output: Writable): Promise<Vitest> {
  const { createVitest } = await import('vitest/node');
  const refuse = (event: string | symbol, listener: () => void) => {
    // It is added after this call, and no signal is delivered before the next microtask.
    if (event === 'SIGINT' || event === 'SIGTERM') queueMicrotask(() => process.off(event, listener));
  };
  process.on('newListener', refuse);
  try {
    return await createVitest(options, {}, { stdout: output });
  } finally {
    process.off('newListener', refuse);
  }
}
