import { expect, test } from 'vitest';
import { effective } from './capabilities.ts';
import { judgeClock } from './clock.ts';
import { freeGiB, judgeDisk } from './disk.ts';
import { judgeMachine } from './machine.ts';

test('reads capability sets as the kernel prints them', () => {
  // capabilities(7): CAP_NET_ADMIN is bit 12, CAP_NET_RAW 13, CAP_SYS_PTRACE 19, CAP_SYS_ADMIN 21.
  expect(effective('Name:\tcat\nCapPrm:\t0000000000003000\nCapEff:\t0000000000283000\n')).toEqual([
    'NET_ADMIN',
    'NET_RAW',
    'SYS_PTRACE',
    'SYS_ADMIN',
  ]);
  expect(effective('CapEff:\t0000000000002000\n')).toEqual(['NET_RAW']);
  expect(effective('CapEff:\t0000000000000000\n')).toEqual([]);
  expect(effective('')).toEqual([]);
});

test('an architecture that Node is not packed for loses the TypeScript peer', () => {
  const machine = { kernel: '6.1.0', operatingSystem: 'Debian GNU/Linux 12' };
  expect(judgeMachine({ ...machine, architecture: 'arm64' })).toMatchObject({ ok: true });
  expect(judgeMachine({ ...machine, architecture: 'riscv64' })).toMatchObject({
    ok: false,
    lost: expect.stringContaining('no Node for riscv64, Linux 6.1.0'),
  });
});

test('a full disk is found on either side', () => {
  const df =
    'Filesystem 1024-blocks Used Available Capacity Mounted on\noverlay 102626232 20521464 81895952 21% /\n';
  expect(freeGiB(df)).toBeCloseTo(78.1, 1);
  expect(judgeDisk(78, 20)).toMatchObject({ ok: true });
  expect(judgeDisk(3.9, 20)).toMatchObject({
    ok: false,
    remedy: expect.stringContaining('docker system prune'),
  });
  expect(judgeDisk(78, 0.5)).toMatchObject({ ok: false, remedy: expect.stringContaining('results/') });
});

test('a clock that counts milliseconds spoils the figures', () => {
  expect(judgeClock('tsc')).toEqual({ ok: true, fact: 'tsc' });
  expect(judgeClock('kvm-clock')).toMatchObject({ ok: true });
  expect(judgeClock('jiffies')).toMatchObject({ ok: false, lost: expect.stringContaining('jiffies') });
  expect(judgeClock('')).toMatchObject({ ok: false, lost: expect.stringContaining('unknown') });
});
