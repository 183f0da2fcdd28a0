import { expect, test } from 'vitest';
import { distribution, findProgram } from './machine.ts';
import { type Machine, planEngine } from './plan.ts';
import { lastWords } from './start.ts';

const debianRoot: Machine = {
  platform: 'linux',
  root: true,
  distribution: ['debian'],
  installed: false,
  systemd: true,
  dockerHost: undefined,
  refused: false,
};

/** What is said on a machine that differs from a root's Debian in this. */
function advice(difference: Partial<Machine>): string {
  const plan = planEngine({ ...debianRoot, ...difference });
  return plan.do === 'advise' ? `${plan.because}. ${plan.remedy}` : `does something: ${JSON.stringify(plan)}`;
}

test('root on Debian or Ubuntu: installs what is missing, starts it by what the machine has', () => {
  expect(planEngine(debianRoot)).toEqual({ do: 'start', install: true, by: 'systemd' });
  expect(planEngine({ ...debianRoot, distribution: ['ubuntu', 'debian'], systemd: false })).toEqual({
    do: 'start',
    install: true,
    by: 'dockerd',
  });
  expect(planEngine({ ...debianRoot, installed: true })).toEqual({
    do: 'start',
    install: false,
    by: 'systemd',
  });
});

test('an engine installed by hand is started on any Linux', () => {
  expect(planEngine({ ...debianRoot, distribution: ['fedora'], installed: true, systemd: false })).toEqual({
    do: 'start',
    install: false,
    by: 'dockerd',
  });
});

test('everybody else hears what to type, and nothing is done', () => {
  expect(advice({ root: false })).toMatch(
    /no engine is installed.*apt-get install -y docker\.io iptables && systemctl/,
  );
  expect(advice({ root: false, installed: true, systemd: false })).toMatch(
    /only root can start it.*: dockerd\./,
  );
  expect(advice({ root: false, installed: true })).not.toContain('apt-get');
  expect(advice({ distribution: ['fedora'] })).toMatch(/this is fedora.*dnf install moby-engine/);
  expect(advice({ distribution: [] })).toContain('this is unknown');
  expect(advice({ platform: 'darwin' })).toContain('brew install colima docker && colima start');
  expect(advice({ platform: 'win32' })).toContain('WSL 2');
});

test('a socket that this user may not open wants a group, not a second engine', () => {
  expect(advice({ refused: true, root: false, installed: true })).toContain('usermod -aG docker');
});

test("somebody's DOCKER_HOST is respected: no engine is installed beside it", () => {
  expect(advice({ dockerHost: 'tcp://lab:2375' })).toMatch(
    /DOCKER_HOST names tcp:\/\/lab:2375.*unset DOCKER_HOST/,
  );
});

test('reads os-release(5)', () => {
  expect(distribution('PRETTY_NAME="Debian GNU/Linux 12"\nVERSION_ID="12"\nID=debian\n')).toEqual(['debian']);
  expect(distribution('ID="linuxmint"\nID_LIKE="ubuntu debian"\n')).toEqual([
    'linuxmint',
    'ubuntu',
    'debian',
  ]);
  expect(distribution('NAME=nameless\n')).toEqual([]);
});

test('finds programs on PATH, and says when there is none', () => {
  expect(findProgram('sh')).toMatch(/\/sh$/);
  expect(findProgram('no-such-program-anywhere')).toBeUndefined();
});

test("dockerd's reason is found above its stack trace", () => {
  const panic =
    'level=info msg=a\npanic: cannot statfs cgroup root: no such file or directory\n\ngoroutine 1:\nmain.main()\n';
  expect(lastWords(panic)).toBe('panic: cannot statfs cgroup root: no such file or directory');
  expect(lastWords('level=info msg=a\nfailed to start daemon: driver not supported\n')).toBe(
    'failed to start daemon: driver not supported',
  );
  expect(lastWords('level=info msg=a\nlevel=info msg=b\n')).toBe('level=info msg=b');
  expect(lastWords('')).toBe('');
});
