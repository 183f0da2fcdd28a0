import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { LabNode } from '../../fabric/fabric.ts';
import { loadTopology } from '../../topologies.ts';
import { AgentConnection } from './agent-connection.ts';
import { TsClient } from './client.ts';

const notHere = () => Promise.reject(new Error('not in this test'));
const node: LabNode = {
  name: 'client',
  container: 'lab-client',
  exec: notHere,
  spawn: notHere,
  copyIn: notHere,
  logs: notHere,
};

/** A client whose agent never answers. */
function mutedClient(signal: AbortSignal): TsClient {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const exit = new Promise<number>(() => {});
  const agent = new AgentConnection({ stdin, stdout, stderr, exit, kill: async () => {} }, 'client');
  const context = {
    role: 'client' as const,
    topology: loadTopology('direct'),
    nodeName: 'client',
    client: 0,
    signal,
  };
  return new TsClient(agent, node, context, '1');
}

test('given up while the agent has not answered yet, connecting rejects, and nothing else does', async () => {
  const interruption = new AbortController();
  const connecting = mutedClient(interruption.signal).connect(interruption.signal, () => {});
  interruption.abort(new Error('interrupted'));
  await expect(connecting).rejects.toThrow('gave up: interrupted');
  // A rejection that nobody handles is an error of the whole test run.
  await setImmediate();
});
