import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { addAddress, addRoutes, removeAddress } from './ip-command.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A command ip that fails and says this, as ip -batch does. */
function ipThatSays(...lines: string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'crossnat-ip-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const said = lines.map((line) => `echo '${line}' >&2`);
  writeFileSync(join(folder, 'ip'), ['#!/bin/sh', ...said, 'exit 1', ''].join('\n'));
  chmodSync(join(folder, 'ip'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
}

// What it does to a device is shown in run-endpoint.test.ts, in namespaces of its own.
test('a machine without iproute2 is told to install it', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  const added = addAddress('tun-l2tp', { local: '10.77.0.1', peer: '10.77.0.2' }, 1400);
  await expect(added).rejects.toMatchObject({
    code: 'no-ip-command',
    message: expect.stringContaining('Install iproute2'),
  });
});

test('of several commands the error names the one that failed, and what ip said', async () => {
  ipThatSays('RTNETLINK answers: Operation not permitted', 'Command failed -:2');
  await expect(addRoutes('l2tp0', ['0.0.0.0/1', '128.0.0.0/1'], '192.168.8.50')).rejects.toMatchObject({
    code: 'no-net-admin',
    message: expect.stringMatching(
      /^ip route replace 128\.0\.0\.0\/1 dev l2tp0 src 192\.168\.8\.50: RTNETLINK answers: Operation not permitted\. /,
    ),
  });
});

test('an ip that ends before it reads anything is an error of its own', async () => {
  ipThatSays('ip: cannot open netlink socket');
  await expect(addRoutes('l2tp0', ['0.0.0.0/1'], '192.168.8.50')).rejects.toMatchObject({
    code: 'system',
    message: 'ip route replace 0.0.0.0/1 dev l2tp0 src 192.168.8.50: ip: cannot open netlink socket',
  });
});

test('an address that is gone already is no error, another failure to remove it is', async () => {
  const address = { local: '10.77.0.1', peer: '10.77.0.2' };
  ipThatSays('Error: ipv4: Address not found.', 'Command failed -:1');
  await expect(removeAddress('tun-l2tp', address)).resolves.toBeUndefined();
  ipThatSays('RTNETLINK answers: Device or resource busy', 'Command failed -:1');
  await expect(removeAddress('tun-l2tp', address)).rejects.toMatchObject({ code: 'system' });
});
