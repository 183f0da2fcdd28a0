import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { configDirectory, writeFiles } from './configuration.ts';

test('writes each file as it is, for nobody else to read, and scripts to be run', () => {
  const directory = mkdtempSync(join(tmpdir(), 'crossnat-config-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const text = 'a = "$HOME" `date` \\n\n  $(id)\n';
  const files = [
    { path: join(directory, 'plain.conf'), text },
    { path: join(directory, 'ip-up'), text: '#!/bin/sh\necho up\n' },
  ];
  execFileSync('sh', ['-e'], { input: writeFiles(files).replaceAll(configDirectory, directory) });
  expect(readFileSync(join(directory, 'plain.conf'), 'utf8')).toBe(text);
  expect(statSync(join(directory, 'plain.conf')).mode & 0o777).toBe(0o600);
  expect(execFileSync(join(directory, 'ip-up')).toString()).toBe('up\n');
});
