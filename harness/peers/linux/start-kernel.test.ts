import { expect, test } from 'vitest';
import { HostKernel } from './host-kernel.ts';
import type { Place } from './place.ts';
import { startKernel } from './start-kernel.ts';
import { FakeNode } from './testing/fake-node.ts';

const signal = new AbortController().signal;
const place: Place = { kind: 'client', interfaces: { hotel: '192.168.1.10/24' }, routes: [] };
const has = 'esp has\nppp has\nl2tp has\n';

/** A node on this kernel, of an image for arm64: without user-mode-linux. */
function nodeOnArm64(attempts: string): FakeNode {
  return new FakeNode((ran) => {
    if (ran.startsWith('dpkg-query')) return { exitCode: 1, stderr: 'no packages found matching' };
    if (ran === 'uname -r') return { stdout: '6.8.0-45-generic\n' };
    return ran.startsWith('sh -s\n') ? { stdout: attempts } : {};
  });
}

test("without user-mode-linux the host's kernel is tried, taken and named", async () => {
  const node = nodeOnArm64(has);
  const { kernel, version } = await startKernel(node, place, undefined, signal);
  expect(version).toBe('host kernel 6.8.0-45-generic');
  expect(kernel).toBeInstanceOf(HostKernel);
  // Neither a module is loaded nor an address moved: both are the host's and the node's.
  expect(node.ran.join('\n')).not.toMatch(/modprobe|ip address|linux\.uml/);
  expect(node.processes).toEqual([]);
});

test('nothing is started on a kernel that lacks something', async () => {
  const node = nodeOnArm64(has.replace('l2tp has', 'l2tp lacks PPPoL2TP socket: Protocol not supported'));
  await expect(startKernel(node, place, 'host', signal)).rejects.toMatchObject({
    code: 'unavailable',
    remedy: expect.stringContaining('modprobe -a l2tp_ppp'),
  });
  expect(node.ran.at(-1)).toMatch(/^sh -s\n/);
});
