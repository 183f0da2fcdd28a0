import { afterEach, expect, test, vi } from 'vitest';
import { chooseKernel, kernelSetting } from './choose-kernel.ts';
import type { Lack } from './host-abilities.ts';

afterEach(() => vi.unstubAllEnvs());

const l2tp: Lack = { what: 'L2TP', said: 'Protocol not supported', modules: ['l2tp_ppp'] };
const hostHas = async () => [];
const hostLacks = async () => [l2tp];
const untried = async () => Promise.reject(new Error('the host was tried'));

test('the setting is read from the environment', () => {
  vi.stubEnv('CROSSNAT_KERNEL', 'host');
  expect(kernelSetting()).toBe('host');
  vi.stubEnv('CROSSNAT_KERNEL', undefined);
  expect(kernelSetting()).toBeUndefined();
  expect(kernelSetting('')).toBeUndefined();
  expect(kernelSetting('own')).toBe('own');
});

test.each(['hots', 'Host', 'own ', 'uml'])('%j is no kernel', (value) => {
  expect(() => kernelSetting(value)).toThrow(
    expect.objectContaining({ code: 'usage', remedy: expect.stringMatching(/Known: own, host/) }),
  );
});

test('a kernel of its own is taken wherever there is one, and the host is not touched', async () => {
  expect(await chooseKernel(undefined, true, untried)).toMatchObject({ kind: 'own' });
  expect(await chooseKernel('own', true, untried)).toEqual({ kind: 'own', why: 'CROSSNAT_KERNEL=own' });
});

test("the host's is taken where it has everything and there is no other, or when asked for", async () => {
  expect(await chooseKernel(undefined, false, hostHas)).toEqual({
    kind: 'host',
    why: 'Debian builds user-mode-linux for x64 alone',
  });
  expect(await chooseKernel('host', true, hostHas)).toEqual({ kind: 'host', why: 'CROSSNAT_KERNEL=host' });
});

test('a host that lacks something is unavailable, with what and what to type', async () => {
  const asked = chooseKernel('host', true, hostLacks);
  await expect(asked).rejects.toMatchObject({
    code: 'unavailable',
    found: "CROSSNAT_KERNEL=host, and the host's kernel lacks L2TP (Protocol not supported)",
    remedy: expect.stringMatching(/modprobe -a l2tp_ppp.*unset CROSSNAT_KERNEL/),
  });
  const only = chooseKernel(undefined, false, hostLacks);
  await expect(only).rejects.toMatchObject({
    code: 'unavailable',
    found: expect.stringMatching(/x64 alone, and the host's kernel lacks L2TP/),
    remedy: expect.not.stringContaining('unset'),
  });
});

test('a kernel of its own that there is not is unavailable, whatever the host has', async () => {
  await expect(chooseKernel('own', false, hostHas)).rejects.toMatchObject({
    code: 'unavailable',
    found: 'CROSSNAT_KERNEL=own, but Debian builds user-mode-linux for x64 alone',
  });
});
