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
