import { expect, test } from 'vitest';
import { startFailure } from './start-lab.ts';

const failure = (found: string, status?: number) => startFailure('crossnat-x-gw', found, status, undefined);

// The engine's own words, as Docker Engine 20.10 and 28 put them.
test("the engine's refusals become what to do about them", () => {
  const inUse = failure(
    'Conflict. The container name "/crossnat-x-gw" is already in use by container "4f"',
    409,
  );
  expect(inUse).toMatchObject({
    code: 'broken',
    remedy: expect.stringContaining('docker rm -f crossnat-x-gw'),
  });
  expect(failure('mkdir /var/lib/docker/overlay2/1: no space left on device')).toMatchObject({
    code: 'unavailable',
    remedy: expect.stringContaining('Make room'),
  });
  expect(
    failure('error gathering device information while adding custom device "/dev/net/tun"'),
  ).toMatchObject({
    code: 'unavailable',
    remedy: expect.stringContaining('modprobe tun'),
  });
  expect(failure('unable to apply caps: operation not permitted')).toMatchObject({ code: 'unavailable' });
  expect(failure('something new')).toMatchObject({ code: 'broken' });
});
