import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readDataFile } from '../../../data-file.ts';
import { marked } from './marked.ts';
import { profileNames } from './profile-file.ts';
import { loadPlainProfile, loadResponderProfile, loadScriptProfile } from './responder-profile.ts';

test('every responder profile file can be read', () => {
  expect(profileNames('responder')).toEqual(expect.arrayContaining(['alliedware', 'plain']));
  for (const name of profileNames('responder')) expect(loadResponderProfile(name).summary).not.toBe('');
});

test('the AlliedWare model leaves what the script sets by itself off', () => {
  const profile = loadScriptProfile('alliedware');
  // The How-To's script has to say natt=on and senddeletes=true.
  expect(profile.natTraversalUnlessSet.value).toBe(false);
  expect(profile.sendsDeletesUnlessSet.value).toBe(false);
  // Rule AW-6 reading a: recalled, and marked so.
  expect(profile.phase1UnlessSet).toMatchObject({ value: 'des-sha1-modp768', confidence: 'R' });
});

test("a profile that stands alone is no script's, nor the other way round", () => {
  expect(loadPlainProfile('plain').l2tp.hostName.value).toBe('plain-responder');
  expect(() => loadPlainProfile('alliedware')).toThrow(/setUpBy/);
  expect(() => loadScriptProfile('plain')).toThrow(/setUpBy/);
});

test('a value without source or mark makes a profile malformed', () => {
  const directory = mkdtempSync(join(tmpdir(), 'profile-'));
  try {
    const file = join(directory, 'profile.yaml');
    const schema = z.strictObject({ mru: marked(z.int()) });
    writeFileSync(file, 'mru: { value: 1400, source: RFC 1661, confidence: V }\n');
    expect(readDataFile(file, schema).mru.value).toBe(1400);
    for (const bad of [
      'mru: 1400',
      'mru: { value: 1400, confidence: V }',
      'mru: { value: 1400, source: x, confidence: Z }',
    ]) {
      writeFileSync(file, `${bad}\n`);
      expect(() => readDataFile(file, schema), bad).toThrow(/mru/);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});
