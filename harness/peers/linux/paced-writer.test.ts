import { expect, test } from 'vitest';
import { PacedWriter } from './paced-writer.ts';

function collected() {
  const parts: Buffer[] = [];
  const writer = new PacedWriter({
    write: (part: Buffer) => {
      parts.push(part);
      return true;
    },
  });
  return { writer, text: () => Buffer.concat(parts).toString() };
}

test('small messages go at once and in order', () => {
  const { writer, text } = collected();
  writer.write('one\n');
  writer.write('two\n');
  expect(text()).toBe('one\ntwo\n');
});

test('never more than the window is on its way, and nothing is lost', () => {
  const { writer, text } = collected();
  const all = Array.from({ length: 1000 }, (_, index) => `line ${index}\n`);
  for (const line of all) writer.write(line);
  let taken = 0;
  while (text().length < all.join('').length) {
    expect(text().length - taken).toBeLessThanOrEqual(2048);
    expect(text().length).toBeGreaterThan(taken);
    // The reader takes what it happens to take.
    const octets = Math.min(700, text().length - taken);
    taken += octets;
    writer.took(octets);
  }
  expect(text()).toBe(all.join(''));
});

test('waits for a reader that takes nothing', () => {
  const { writer, text } = collected();
  writer.write('x'.repeat(5000));
  expect(text().length).toBe(2048);
  writer.write('y');
  expect(text().length).toBe(2048);
  writer.took(1);
  expect(text().length).toBe(2049);
});
