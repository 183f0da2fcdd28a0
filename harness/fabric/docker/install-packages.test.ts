import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { projectRoot } from './image-plan.ts';

const script = join(projectRoot, 'images/base/install-packages');

/** What apt-cache(8) prints for `madison`: one line for each version of a package and each source of it. */
const offers = `printf '%s\\n' \\
  ' ppp | 2.5.2-1+1 | http://deb.debian.org/debian trixie/main amd64 Packages' \\
  ' ppp | 2.5.2-2 | http://deb.debian.org/debian-security trixie-security/main amd64 Packages'`;

/** Runs the script of the base image among programs that do nothing but write down how they were called. */
function install(...packages: string[]) {
  const programs = mkdtempSync(join(tmpdir(), 'crossnat-test-'));
  onTestFinished(() => rmSync(programs, { recursive: true }));
  const calls = join(programs, 'calls');
  const write = (name: string, body: string) => {
    writeFileSync(join(programs, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(programs, name), 0o755);
  };
  for (const name of ['apt-get', 'rm']) write(name, `echo "${name} $*" >>${calls}`);
  write('apt-cache', `case $2 in ppp) ${offers} ;; esac`);
  const env = { PATH: `${programs}:${process.env.PATH}` };
  const { exitCode, stderr } = execaSync('sh', ['-e', script, ...packages], { env, reject: false });
  const called = readFileSync(calls, 'utf8').split('\n');
  return { exitCode, stderr, called };
}

test.runIf(existsSync('/etc/os-release')).each(['ppp', 'ppp=2.5.2-*', 'ppp=2.5.2-1*', 'ppp=2.5.2-2'])(
  'installs %s where Debian has revisions of 2.5.2',
  (wanted) => {
    const { exitCode, called } = install('ethtool', wanted);
    expect(exitCode).toBe(0);
    expect(called.slice(0, 2)).toEqual(['apt-get update', `apt-get install -y ethtool ${wanted}`]);
  },
);

test.runIf(existsSync('/etc/os-release')).each([
  [
    'ppp=2.4.9-*',
    /ppp is pinned to 2\.4\.9-\*, but Debian \S+ has 2\.5\.2-1\+1 2\.5\.2-2:\n.*change the pin/,
  ],
  ['ppp=2.5-*', /ppp is pinned to 2\.5-\*, but Debian \S+ has 2\.5\.2-1\+1 2\.5\.2-2:/],
  ['softether-vpnserver=5.01.9674+*', /pinned to 5\.01\.9674\+\*, but Debian \S+ has none:/],
])('installs nothing where Debian has no %s, and says what it has', (wanted, why) => {
  const { exitCode, stderr, called } = install('ethtool', wanted);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(why);
  expect(called.join()).not.toContain('install');
});
