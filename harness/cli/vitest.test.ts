import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const module = JSON.stringify(new URL('vitest.ts', import.meta.url).href);

/** Has vitest look for files that are not there, and looks all the while who would end the process. */
const program = `
import { PassThrough } from 'node:stream';
import { runVitest } from ${module};
let most = 0;
const count = () => process.listenerCount('SIGINT') + process.listenerCount('unhandledRejection');
const look = setInterval(() => { most = Math.max(most, count()); }, 0);
const options = { config: false, include: ['none/*'], reporters: [{}] };
const run = runVitest(options, new PassThrough().resume(), new AbortController().signal);
const code = await run.then(() => 'ran', ({ code }) => code);
clearInterval(look);
console.log(code + ': ' + most);`;

test('vitest ends the process neither at Ctrl-C nor at a bug of ours, not even while it is being made', async () => {
  const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', program], { reject: false });
  expect(stdout).toBe('VITEST_FILES_NOT_FOUND: 0');
});

test('a test that failed is named with its file and the first lines of why', async () => {
  const root = mkdtempSync(join(tmpdir(), 'crossnat-vitest-'));
  writeFileSync(
    join(root, 'sum.test.mjs'),
    `describe('sums', () => {
      test('of one', () => expect(1).toBe(1));
      test('of two', () => { throw new Error('three\\nand more', { cause: new Error('one was lost') }); });
    });`,
  );
  const running = `
    import { PassThrough } from 'node:stream';
    import { runVitest } from ${module};
    const options = { root: ${JSON.stringify(root)}, config: false, globals: true, include: ['*.test.mjs'], reporters: [{}] };
    const { counts } = await runVitest(options, new PassThrough().resume(), new AbortController().signal);
    console.log(JSON.stringify(counts));
    process.exit();`;
  try {
    const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', running], {
      reject: false,
    });
    expect(JSON.parse(stdout)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
      failures: ['sum.test.mjs > sums > of two: three one was lost'],
    });
  } finally {
    rmSync(root, { recursive: true });
  }
});
