import { expect, test } from 'vitest';
import { bootFailure } from './own-kernel.ts';

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
