import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellWord } from './shell-word.ts';

test('what needs no quotes has none', () => {
  expect(['--cell', 'office-nat/p2=1', 'client=ts:windows-7'].map(shellWord).join(' ')).toBe(
    '--cell office-nat/p2=1 client=ts:windows-7',
  );
});

test.each(['', '^direct(/|$)', "it's", 'client!=ts:windows-*', '$HOME `id` \\', 'two\nlines'])(
  'a shell reads %j as the one word that it is',
  (word) => {
    const read = execFileSync('sh', ['-c', `printf '%s|' ${shellWord(word)}`], { encoding: 'utf8' });
    expect(read).toBe(`${word}|`);
  },
);
