import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escaped, readMessage, requestLine, unescaped } from './control-message.ts';

test('words are what they were, and one word each', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => {
      const word = escaped(Buffer.from(octets));
      expect(word).toMatch(/^[!-~]*$/);
      expect(unescaped(word)).toEqual(Buffer.from(octets));
    }),
  );
});

test('a request is one line, and empty words stay', () => {
  expect(requestLine('run', '3', ['sh', '-c', 'echo 50%\n', ''])).toBe('run 3 sh -c echo%2050%25%0a \n');
  expect(requestLine('close', '3', [])).toBe('close 3\n');
});

test('reads every message', () => {
  expect(readMessage('ready 0.89')).toEqual({ kind: 'ready', uptimeSeconds: 0.89 });
  expect(readMessage('took 2048')).toEqual({ kind: 'took', octets: 2048 });
  expect(readMessage('output 2 hello%20%e2%82%ac%0a')).toEqual({
    kind: 'output',
    job: '2',
    data: Buffer.from('hello €\n'),
  });
  expect(readMessage('error 2 no')).toEqual({ kind: 'error', job: '2', data: Buffer.from('no') });
  expect(readMessage('exit 2 137')).toEqual({ kind: 'exit', job: '2', code: 137 });
});

test.each([
  '',
  'ready',
  'ready soon',
  'ready 1 2',
  'took',
  'took -1',
  'output 2',
  'output 2 a b',
  'exit 2',
  'exit 2 x',
  'Kernel panic - not syncing',
])('takes %j for none of its messages', (line) => {
  expect(readMessage(line)).toBeUndefined();
});
