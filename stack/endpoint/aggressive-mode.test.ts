import { expect, test } from 'vitest';
import { clientExample, responderExample } from './testing/examples.ts';
import { joined, type Way } from './testing/joined.ts';

const publicAddress = '198.18.2.10';
const clientNat = { clientNat: '198.18.1.2' } as const;

function connect(way: Way, acceptsAggressive?: true) {
  const { ike, ...client } = clientExample;
  const { ike: answering, ...responder } = responderExample(publicAddress);
  const simulation = joined(
    'one',
    way,
    { ...client, ike: { ...ike, phase1Mode: 'aggressive', pfs: 20, messageIds: 'counting' } },
    { ...responder, ike: { ...answering, ...(acceptsAggressive && { acceptsAggressive }) } },
  );
  simulation.client.act((endpoint, now) => endpoint.connect(now));
  const up = simulation.internet.run(
    () => simulation.client.isUp && simulation.responder.isUp,
    simulation.internet.now + 120_000,
  );
  return { ...simulation, up };
}

test.each([
  ['no NAT', {}],
  ['client behind NAT', clientNat],
])('%s: a whole connection in aggressive mode with PFS comes up', (_, way) => {
  const { up, client } = connect(way, true);
  expect(up).toBe(true);
  const messages = client.facts.flatMap((fact) => (fact.fact === 'ike-message' ? [fact] : []));
  expect(messages.some(({ exchange }) => exchange === 'main-mode')).toBe(false);
  expect(messages.find(({ exchange }) => exchange === 'quick-mode')?.messageId).toBe(1);
});

test('where it is not accepted nothing comes up', () => {
  const { up, client } = connect(clientNat);
  expect(up).toBe(false);
  expect(client.fact('phase1-established')).toBeUndefined();
});
