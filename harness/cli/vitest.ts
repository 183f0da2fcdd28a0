import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { CliOptions, Vitest } from 'vitest/node';
import type { UnitCounts } from '../records/summary.ts';
import { failedOutsideTests, failedTests, runningTests, unhandledError } from './test-failures.ts';

export const projectRoot = join(import.meta.dirname, '..', '..');

export interface VitestOutcome {
  readonly counts: UnitCounts;
  /** What went wrong outside any test: a file that cannot be imported, a hook, a rejection nobody handled. */
  readonly errors: readonly string[];
}

/** Runs vitest once, through its Node API; `signal` cancels it. */
export async function runVitest(
  options: CliOptions,
  output: Writable,
  signal: AbortSignal,
): Promise<VitestOutcome> {
  const vitest = await withOwnSignals({ root: projectRoot, watch: false, ...options }, output);
  let interruptedIn: readonly string[] = [];
  const cancel = () => {
    interruptedIn = runningTests(vitest.state.getTestModules());
    void vitest.cancelCurrentRun('keyboard-input');
  };
  signal.addEventListener('abort', cancel);
  try {
    const { testModules, unhandledErrors } = await vitest.start();
    const tests = testModules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const [passed, failed] = [count('passed'), count('failed')];
    return {
      counts: {
        passed,
        failed,
        skipped: tests.length - passed - failed,
        failures: [...testModules.flatMap(failedTests), ...interruptedIn],
      },
      errors: [...unhandledErrors.map(unhandledError), ...testModules.flatMap(failedOutsideTests)],
    };
  } finally {
    signal.removeEventListener('abort', cancel);
    await vitest.close();
  }
}

/** Events at which vitest, from the moment that it is being made, ends the process, and says so to its own output at most. */
const notVitests: readonly (string | symbol)[] = ['SIGINT', 'SIGTERM', 'unhandledRejection'];

/** The command line does itself what an interruption asks for, and a bug shows its trace. */
async function withOwnSignals(options: CliOptions, output: Writable): Promise<Vitest> {
  const { createVitest } = await import('vitest/node');
  const refuse = (event: string | symbol, listener: () => void) => {
    // It is added after this call, and nothing of these is delivered before the next microtask.
    if (notVitests.includes(event)) queueMicrotask(() => process.off(event, listener));
  };
  process.on('newListener', refuse);
  try {
    return await createVitest(options, {}, { stdout: output });
  } finally {
    process.off('newListener', refuse);
  }
}
