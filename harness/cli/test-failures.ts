import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import type { TestCase, TestModule, TestSuite } from 'vitest/node';
import { z } from 'zod';
import type { UnitCounts } from '../records/summary.ts';

/** Why tests failed, in the few lines that the end of a run has for it: vitest's own account is pages above. */

/** Lines of an error that are kept: what a program printed comes before what was expected of it. */
const kept = { first: 2, last: 8, differences: 12 };
/** As many failures as one reads. */
const mostFailures = 10;

/** What vitest gives of an error is no Error of this process. */
const errorSchema = z
  .looseObject({
    message: z.string().catch(''),
    diff: z.string().optional().catch(undefined),
    cause: z.looseObject({ message: z.string() }).optional().catch(undefined),
    stacks: z.array(z.looseObject({ file: z.string(), line: z.int() })).catch([]),
    /** Of an error that no test caught: the file whose tests ran then. */
    VITEST_TEST_PATH: z.string().optional().catch(undefined),
  })
  .catch((context) => ({ message: String(context.value), stacks: [] }));

/** Each failed test of a file: where, its title, and why; more lines than one where they say more. */
export function failedTests(module: TestModule): string[] {
  const failed = [...module.children.allTests()].filter((test) => test.result().state === 'failed');
  return failed.map((test: TestCase) => {
    const [error] = test.result().errors ?? [];
    return `${placeIn(module, error)} > ${test.fullName}: ${reasonOf(error)}`;
  });
}

/** What failed in a file outside its tests, so that some of them never ran: an import, a hook of the file or of a group. */
export function failedOutsideTests(module: TestModule): string[] {
  const groups: TestSuite[] = [...module.children.allSuites()];
  return [
    ...module.errors().map((error) => `${placeIn(module, error)}: ${reasonOf(error)}`),
    ...groups.flatMap((group) =>
      group.errors().map((error) => `${placeIn(module, error)} > ${group.fullName}: ${reasonOf(error)}`),
    ),
  ];
}

/** An error that nobody handled, and that belongs to no test. */
export function unhandledError(error: unknown): string {
  const { VITEST_TEST_PATH: file } = errorSchema.parse(error);
  return `outside any test${file === undefined ? '' : `, in ${String(file)}`}: ${reasonOf(error)}`;
}

/** Files whose tests are running, each with the first test that has not ended. */
export function runningTests(modules: readonly TestModule[]): string[] {
  return modules
    .filter((module) => module.state() === 'pending')
    .map((module) => {
      const first = [...module.children.allTests()].find((test) => test.result().state === 'pending');
      const title = first === undefined ? '' : ` > ${first.fullName}`;
      return `${module.relativeModuleId}${title}: was running when the run was interrupted`;
    });
}

/** The last words of a run in which tests failed. */
export function testFailureTexts(units: UnitCounts | undefined): string[] {
  const failures = units?.failures ?? [];
  const more = failures.length - mostFailures;
  return [
    ...failures.slice(0, mostFailures).flatMap((failure) => {
      const [what = '', ...why] = failure.split('\n');
      return [`${pc.red('failed')}    ${what}`, ...why.map((line) => `            ${line}`)];
    }),
    ...(more > 0 ? [`and ${more} more: summary.json has them, and the tests' own output above`] : []),
  ];
}

function placeIn({ relativeModuleId, moduleId }: TestModule, error: unknown): string {
  const line = errorSchema.parse(error).stacks.find(({ file }) => file === moduleId)?.line;
  return line === undefined ? relativeModuleId : `${relativeModuleId}:${line}`;
}

/** Its message, its cause, and in what two values differ. */
function reasonOf(error: unknown): string {
  const { message, cause, diff } = errorSchema.parse(error);
  const words = [message, ...(cause ? [`cause: ${cause.message}`] : [])].flatMap(linesOf);
  // Two lines of a difference are its legend.
  const differences = linesOf(diff ?? '')
    .filter((line) => /^[-+]/.test(line))
    .slice(2);
  const lines = [...cut(words), ...differences.slice(0, kept.differences)];
  return lines.join('\n') || 'no error';
}

function linesOf(text: string): string[] {
  return stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
}

function cut(lines: readonly string[]): readonly string[] {
  if (lines.length <= kept.first + kept.last) return lines;
  return [...lines.slice(0, kept.first), '...', ...lines.slice(-kept.last)];
}
