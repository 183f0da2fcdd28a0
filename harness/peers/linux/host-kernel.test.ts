import { expect, test } from 'vitest';
import { missingBlocks } from './clear-l2tp.ts';
import { HostKernel } from './host-kernel.ts';
import { FakeNode } from './testing/fake-node.ts';

const signal = new AbortController().signal;

test('takes a node by emptying its IPsec and blocking L2TP in clear', async () => {
  const node = new FakeNode();
  const kernel = await HostKernel.take(node, signal);
  expect([kernel.name, kernel.container]).toEqual([node.name, node.container]);
  const [script = ''] = node.ran;
  expect(script).toMatch(/^sh -es\nip xfrm state flush\nip xfrm policy flush\n/);
  // Written as the kernel prints them, so that the check of a cell's policies reads the very commands.
  const printed = script
    .split('\n')
    .filter((line) => line.startsWith('ip xfrm policy update '))
    .map((line) => line.replace('ip xfrm policy update ', '').replace(/ dir /, ' \n\tdir '));
  expect(missingBlocks(printed.join('\n'))).toEqual([]);
});

test('programs run in the node itself', async () => {
  const node = new FakeNode((ran) => (ran.startsWith('false') ? { exitCode: 1 } : { stdout: 'yes\n' }));
  const kernel = await HostKernel.take(node, signal);
  expect(await kernel.exec(['cat'], { signal, input: 'text' })).toMatchObject({ stdout: 'yes\n' });
  expect(node.ran.at(-1)).toBe('cat\ntext');
  expect(await kernel.exec(['false'], { signal })).toMatchObject({ exitCode: 1 });
  expect(await kernel.logs()).toBe('last words');
});

test('a script that fails is broken, with its complaint', async () => {
  const node = new FakeNode((ran) =>
    ran.includes('no-such') ? { exitCode: 127, stderr: 'not found\n' } : {},
  );
  const kernel = await HostKernel.take(node, signal);
  await expect(kernel.script('no-such', 'trying', signal)).rejects.toMatchObject({
    code: 'broken',
    doing: 'trying in node client',
    found: 'not found',
  });
});

test('stop kills what still runs, and then removes SAs, policies, links and settings', async () => {
  const node = new FakeNode();
  const kernel = await HostKernel.take(node, signal);
  await kernel.spawn(['charon'], signal);
  const { exit } = await kernel.spawn(['xl2tpd'], signal);
  node.processes[1]?.end(0);
  await exit;
  const before = node.ran.length;
  await kernel.stop();
  const [killed, script = '', ...more] = node.ran.slice(before);
  expect(killed).toBe('kill charon');
  expect(more).toEqual([]);
  for (const line of ['ip xfrm state flush', 'ip xfrm policy flush', 'rm -rf /run/crossnat']) {
    expect(script.split('\n')).toContain(line);
  }
  expect(script).toContain('ip link delete dev "$link"');
});

test('what cannot be removed is said', async () => {
  const stays = '5: ppp0: <POINTOPOINT> mtu 1400';
  const node = new FakeNode((ran) => (ran.includes('rm -rf') ? { exitCode: 1, stderr: `${stays}\n` } : {}));
  const kernel = await HostKernel.take(node, signal);
  await expect(kernel.stop()).rejects.toMatchObject({ code: 'broken', found: stays });
});
