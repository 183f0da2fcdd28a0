import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseData, readDataFile } from './data-file.ts';
import { CrossnatError } from './error.ts';

const schema = z.strictObject({
  name: z.string(),
  ports: z.record(z.string().regex(/^[a-z]+$/, 'lower-case letters only'), z.int().max(65535)).default({}),
});

test('gives what the file says, with defaults filled in', () => {
  expect(parseData('name: hotel', 'hotel.yaml', schema)).toEqual({ name: 'hotel', ports: {} });
});

const malformed = [
  ['a value out of range', 'name: a\nports:\n  ike: 500\n  natt: 70000', 'line 4: ports.natt: '],
  ['a value of the wrong type', 'ports: {}\nname: [a]', 'line 2: name: '],
  ['a missing key, at the top', 'ports: {}', 'line 1: name: '],
  ['a key that breaks its rule', 'name: a\nports:\n  IKE: 500', 'line 3: ports.IKE: lower-case letters only'],
  ['an unknown key', 'name: a\nnamme: b', 'Unrecognized key: "namme"'],
  ['text that is no YAML', 'name: "a', 'line 1: '],
  ['a key twice', 'name: a\nname: b', 'line 2: '],
  ['an empty file', '', 'line 1: (whole file): '],
] as const;

test.each(malformed)('says where: %s', (_, text, complaint) => {
  const attempt = () => parseData(text, 'some/profile.yaml', schema);
  expect(attempt).toThrow(CrossnatError);
  expect(attempt).toThrow('reading some/profile.yaml');
  expect(attempt).toThrow(complaint);
  // On one line: it stands in a sentence.
  expect(attempt).toThrow(/^.*$/);
});

test('a file that is not there is a message, not a trace', () => {
  expect(() => readDataFile('no/such/file.yaml', schema)).toThrow(CrossnatError);
});
