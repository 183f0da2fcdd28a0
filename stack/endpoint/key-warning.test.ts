import { expect, test } from 'vitest';
import { keyWarning } from './key-warning.ts';

const warns = (key: string, encoding: BufferEncoding) => keyWarning(Buffer.from(key, encoding)) !== undefined;

test('letters and digits are not warned of', () => {
  expect(warns('azAZ09', 'utf8')).toBe(false);
});

test('what stands beside letters and digits in ASCII is warned of, and what is not ASCII in either encoding', () => {
  for (const character of ['/', ':', '@', '[', '`', '{', ' ', '-']) {
    expect(warns(`key${character}`, 'utf8'), character).toBe(true);
  }
  expect(warns('schlüssel', 'utf8')).toBe(true);
  expect(warns('schlüssel', 'latin1')).toBe(true);
});
