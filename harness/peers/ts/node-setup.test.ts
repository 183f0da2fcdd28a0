import { expect, test } from 'vitest';
import type { LabNode } from '../../fabric/fabric.ts';
import { NodeSetup } from './node-setup.ts';

const { signal } = new AbortController();

/** A node whose every program ends with the next of these exit codes, and with 0 when there are no more. */
function nodeThatEnds(...exitCodes: number[]): { node: LabNode; ran: (string | undefined)[] } {
  const ran: (string | undefined)[] = [];
  const node: LabNode = {
    name: 'responder',
    container: 'lab-responder',
    exec: async (_, { input }) => {
      ran.push(input);
      return { exitCode: exitCodes.shift() ?? 0, stdout: '', stderr: 'ip: no such device\n' };
    },
    spawn: () => Promise.reject(new Error('not in this test')),
    copyIn: () => Promise.reject(new Error('not in this test')),
    logs: async () => '',
  };
  return { node, ran };
}

test('only a script that differs from the last is run', async () => {
  const { node, ran } = nodeThatEnds();
  const setup = new NodeSetup(node);
  for (const script of ['a', 'a', 'b', 'a']) await setup.apply(script, signal);
  expect(ran).toEqual(['a', 'b', 'a']);
});

test('a script that failed says why, and what stands is not known any more', async () => {
  const { node, ran } = nodeThatEnds(0, 1);
  const setup = new NodeSetup(node);
  await setup.apply('a', signal);
  await expect(setup.apply('b', signal)).rejects.toMatchObject({
    code: 'broken',
    doing: 'setting up node responder',
    found: 'ip: no such device',
  });
  await setup.apply('a', signal);
  expect(ran).toEqual(['a', 'b', 'a']);
});
