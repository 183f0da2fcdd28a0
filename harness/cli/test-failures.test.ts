import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { testFailureTexts } from './test-failures.ts';

const module = JSON.stringify(new URL('vitest.ts', import.meta.url).href);

/** What comes of a file with these tests; interrupted when it has said that it begins, where that is wanted. */
async function outcomeOf(tests: string, interrupted = false): Promise<unknown> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'crossnat-vitest-')));
  writeFileSync(join(root, 'sum.test.mjs'), tests);
  const running = `
    import { PassThrough } from 'node:stream';
    import { runVitest } from ${module};
    const abort = new AbortController();
    const reporter = { onTestCaseReady: () => ${interrupted} && setImmediate(() => abort.abort()) };
    const options = { root: ${JSON.stringify(root)}, config: false, globals: true, include: ['*.test.mjs'], reporters: [reporter] };
    console.log(JSON.stringify(await runVitest(options, new PassThrough().resume(), abort.signal)));
    process.exit();`;
  try {
    const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', running], {
      reject: false,
    });
    return JSON.parse(stdout);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('a test that failed is named with its file and line, why, the cause, and what differs', async () => {
  const tests = `describe('sums', () => {
    test('of one', () => expect(1).toBe(1));
    test('of two', () => { throw new Error('three\\nand more', { cause: new Error('one was lost') }); });
    test('of all', () => expect({ first: 1, second: 2 }, 'what it said').toEqual({ first: 1, second: 3 }));
  });`;
  expect(await outcomeOf(tests)).toEqual({
    counts: {
      passed: 1,
      failed: 2,
      skipped: 0,
      failures: [
        'sum.test.mjs:3 > sums > of two: three\nand more\ncause: one was lost',
        expect.stringMatching(
          /^sum\.test\.mjs:4 > sums > of all: what it said: expected .* to deeply equal .*\n- +"second": 3,\n\+ +"second": 2,$/,
        ),
      ],
    },
    errors: [],
  });
});

test('hooks that failed are errors, with the group whose tests they kept from running', async () => {
  const tests = `describe('sums', () => {
    beforeAll(() => { throw new Error('no abacus'); });
    test('of one', () => {});
  });
  describe('products', () => {
    test('of one', () => {});
    afterAll(() => { throw new Error('it fell down'); });
  });`;
  expect(await outcomeOf(tests)).toEqual({
    counts: { passed: 1, failed: 0, skipped: 1, failures: [] },
    errors: ['sum.test.mjs:2 > sums: no abacus', 'sum.test.mjs:7 > products: it fell down'],
  });
});

test('a file that cannot be imported is an error', async () => {
  expect(await outcomeOf("import './abacus.mjs'; test('of one', () => {});")).toMatchObject({
    counts: { passed: 0, failed: 0 },
    errors: [expect.stringMatching(/^sum\.test\.mjs:1: Cannot find module '\.\/abacus\.mjs'/)],
  });
});

test('a run that is interrupted says in which test', async () => {
  const tests = "test('of all numbers', () => new Promise(() => {}), 100_000);";
  expect(await outcomeOf(tests, true)).toMatchObject({
    counts: {
      passed: 0,
      failures: ['sum.test.mjs > of all numbers: was running when the run was interrupted'],
    },
  });
});

test('of many failures the first ten are told, their further lines below each', () => {
  const failures = Array.from({ length: 12 }, (_, index) => `a.test.ts:${index} > sum: wrong\nby one`);
  const texts = testFailureTexts({ passed: 0, failed: 12, skipped: 0, failures }).map(
    stripVTControlCharacters,
  );
  expect(texts.slice(0, 3)).toEqual([
    'failed    a.test.ts:0 > sum: wrong',
    '            by one',
    'failed    a.test.ts:1 > sum: wrong',
  ]);
  expect(texts).toHaveLength(21);
  expect(texts.at(-1)).toMatch(/^and 2 more: /);
  expect(testFailureTexts(undefined)).toEqual([]);
});
