import { afterEach, expect, test, vi } from 'vitest';
import { addAddress } from './ip-command.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

// What it does to a device is shown in run-endpoint.test.ts, in namespaces of its own.
test('a machine without iproute2 is told to install it', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  const added = addAddress('tun-l2tp', { local: '10.77.0.1', peer: '10.77.0.2' }, 1400);
  await expect(added).rejects.toMatchObject({
    code: 'no-ip-command',
    message: expect.stringContaining('Install iproute2'),
  });
});
