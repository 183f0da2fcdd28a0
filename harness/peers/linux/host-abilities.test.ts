import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { lacksOfHost, lacksRemedy, lacksText, readLacks } from './host-abilities.ts';
import { FakeNode } from './testing/fake-node.ts';

const signal = new AbortController().signal;

// As iproute2 6.1 and perl 5.36 say it on Linux 6.18 that has none of the three.
const nothing = `esp lacks Error: Requested CRYPT algorithm not found.
ppp lacks /dev/ppp: No such device or address
l2tp lacks PPPoL2TP socket: Address family not supported by protocol
`;

test('a kernel that has everything lacks nothing', () => {
  expect(readLacks('esp has\nppp has\nl2tp has\n')).toEqual([]);
});

test('what is missing is named, in the words of what tried it, with the modules to load', () => {
  const lacks = readLacks(nothing) ?? [];
  expect(lacksText(lacks)).toBe(
    'ESP with 3DES and SHA-1 (Error: Requested CRYPT algorithm not found.), ' +
      'PPP (/dev/ppp: No such device or address), ' +
      'L2TP (PPPoL2TP socket: Address family not supported by protocol)',
  );
  expect(lacksRemedy(lacks)).toContain(
    `"modprobe -a xfrm_user esp4 des_generic ppp_generic l2tp_ppp" on the engine's host`,
  );
  expect(lacksRemedy(readLacks('esp has\nppp has\nl2tp lacks x\n') ?? [])).toContain(
    '"modprobe -a l2tp_ppp"',
  );
});

test('modules do not help against an engine that refuses', () => {
  const lacks = readLacks('esp has\nppp lacks /dev/ppp: Operation not permitted\nl2tp has\n') ?? [];
  expect(lacksRemedy(lacks)).toMatch(/^Use an engine that lets a container have PPP/);
  expect(lacksRemedy([...lacks, ...(readLacks(nothing) ?? [])])).toMatch(/modprobe .*Use an engine/);
});

test('an answer that is not whole is no proof of anything', async () => {
  expect(readLacks('')).toBeUndefined();
  expect(readLacks('esp has\nl2tp has\n')).toBeUndefined();
  expect(readLacks('esp has\nppp hasty\nl2tp has\n')).toBeUndefined();
  const node = new FakeNode(() => ({ exitCode: 2, stderr: 'sh: no memory\n' }));
  await expect(lacksOfHost(node, signal)).rejects.toMatchObject({ code: 'broken', found: 'sh: no memory' });
});

test('the attempts are a script that any shell runs: without ip, perl and rights it lacks everything', async () => {
  const node = new FakeNode((ran) => {
    const input = ran.replace(/^sh -s\n/, '');
    return { stdout: execFileSync('/bin/sh', ['-s'], { input, env: { PATH: '/nowhere' } }).toString() };
  });
  const lacks = await lacksOfHost(node, signal);
  expect(lacks.map(({ said }) => said)).toEqual([
    expect.stringContaining('ip: not found'),
    expect.stringMatching(/(mknod|perl): not found/),
    expect.stringContaining('perl: not found'),
  ]);
});
