import { PassThrough } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import type { LabNode, NodeProcess } from '../../fabric/fabric.ts';
import { bootFailure, OwnKernel } from './own-kernel.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A node whose kernel answers the script that gives it its place, and nothing afterwards. */
function sleepyNode(stdin: PassThrough, exit: Promise<number>): LabNode {
  const stdout = new PassThrough();
  const process: NodeProcess = { stdin, stdout, stderr: new PassThrough(), exit, kill: async () => {} };
  stdin.on('data', (octets: Buffer) => {
    if (/^run 1 /m.test(octets.toString())) stdout.write('exit 1 0\n');
  });
  stdout.write('ready 0.5\n');
  const refuse = () => Promise.reject(new Error('nobody asks for this'));
  return {
    name: 'client',
    container: 'crossnat-client',
    spawn: async () => process,
    exec: refuse,
    copyIn: refuse,
    logs: refuse,
  };
}

test('something comes in on the line of a kernel every second, as long as it runs', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const stdin = new PassThrough();
  const { promise: exit, resolve: end } = Promise.withResolvers<number>();
  let received = '';
  stdin.on('data', (octets: Buffer) => {
    received += octets.toString();
  });
  const kernel = await OwnKernel.boot(
    sleepyNode(stdin, exit),
    { kind: 'client', interfaces: {}, routes: [] },
    new AbortController().signal,
  );
  const nudges = () => received.match(/^nudge 0$/gm)?.length ?? 0;
  await vi.advanceTimersByTimeAsync(3500);
  expect(nudges()).toBe(3);
  end(0);
  await kernel.stop();
  await vi.advanceTimersByTimeAsync(3500);
  expect(nudges()).toBe(3);
});

test('an image without the kernel is a mistake of ours', () => {
  expect(bootFailure('client', 'sh: 2: exec: linux.uml: not found')).toMatchObject({
    code: 'broken',
    found: 'its image has no user-mode-linux',
  });
});

// Words of user-mode-linux 6.1 (arch/um/os-Linux) where an engine does not grant what it needs.
test.each([
  '/dev/shm must be not mounted noexec',
  'Checking PROT_EXEC mmap in /dev/shm...Operation not permitted',
  'ptrace: Operation not permitted',
])("an engine that forbids it is unavailable, with the kernel's own words: %s", (words) => {
  expect(bootFailure('client', words)).toMatchObject({ code: 'unavailable', found: words });
});

test('anything else that ends it is broken', () => {
  expect(bootFailure('client', 'Cannot find device "hotel" | the kernel ended with exit code 1').code).toBe(
    'broken',
  );
});
