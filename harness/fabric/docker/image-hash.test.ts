import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { baseImage, contentHash, imageFiles } from './image-hash.ts';

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'crossnat-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}
const hashOf = (files: Record<string, string>, ...ingredients: string[]) =>
  contentHash(imageFiles(folderWith(files)), ingredients);

test('equal folders have equal hashes wherever they lie', () => {
  const files = { Dockerfile: 'FROM x', 'etc/a.conf': 'a' };
  expect(hashOf(files, 'base')).toBe(hashOf({ 'etc/a.conf': 'a', Dockerfile: 'FROM x' }, 'base'));
});

test('a change of content, name, base or the border between two files changes the hash', () => {
  const hashes = [
    hashOf({ a: 'xy', b: 'z' }, 'base'),
    hashOf({ a: 'x', b: 'yz' }, 'base'),
    hashOf({ a: 'xy', c: 'z' }, 'base'),
    hashOf({ a: 'xy', b: 'z' }, 'other'),
    hashOf({ a: 'xy', b: 'z' }, 'base', 'more'),
    hashOf({ a: 'xy', b: 'z' }),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('the Dockerfile says what an image stands on', () => {
  expect(baseImage('ts', 'ARG base=crossnat/box\nFROM $base\n')).toBe('box');
  expect(baseImage('base', '# Debian\nARG base=debian:bookworm-slim\nFROM $base\n')).toBeUndefined();
  expect(() => baseImage('odd', 'FROM debian\n')).toThrow(/images\/odd\/Dockerfile.*ARG base/);
});
