import { expect, test } from 'vitest';
import { phase2Proposal } from './testing/configs.ts';
import { atBoth, pair } from './testing/simulated-pair.ts';

const rekey = { marginSeconds: 20, marginKilobytes: 1, fuzz: 0, graceSeconds: 5 };
const phase2 = [{ ...phase2Proposal, lifetimeSeconds: 60 }];

test('whoever rekeys, the pair is for the same traffic, and NAT-OA names client and responder as before', () => {
  for (const by of ['initiator', 'responder'] as const) {
    const policies = [{ name: 'l2tp', protocol: 17, proposals: phase2 }];
    const { simulation, client, server } = pair({
      ...atBoth,
      initiator: { phase2, ...(by === 'initiator' ? { rekey } : {}) },
      responder: { policies, ...(by === 'responder' ? { rekey } : {}) },
    });
    simulation.runTo(5000);
    const before = [client, server].map((host) => [...host.installed.values()].at(-1));
    simulation.runTo(50_000);
    const after = [client, server].map((host) => [...host.installed.values()].at(-1));
    for (const [index, pairBefore] of before.entries()) {
      const { natOriginal, localSelector, peerSelector, encapsulation, local, peer } = pairBefore ?? {};
      expect(natOriginal).toBeDefined();
      expect(after[index]).toMatchObject({
        natOriginal,
        localSelector,
        peerSelector,
        encapsulation,
        local,
        peer,
      });
      expect(after[index]?.inbound.spi).not.toBe(pairBefore?.inbound.spi);
    }
    expect(client.factsNamed('rekeyed').map((fact) => fact.by)).toEqual([
      by === 'initiator' ? 'local' : 'peer',
    ]);
  }
});

test('the initiator of a rekey receives under both, and sends under the new one when message 2 stays away', () => {
  const { simulation, client, server } = pair({ initiator: { phase2, rekey } });
  simulation.runTo(5000);
  simulation.run(() => client.installed.size === 2, 60_000);
  const [old = 0, young = 0] = client.installed.keys();
  expect(client.used).toEqual([old]);
  simulation.run(() => server.installed.size === 2, 60_000);
  expect(server.used.length).toBe(2);
  // Two gaps of 500 ms.
  simulation.runTo(simulation.now + 990);
  expect(client.used).toEqual([old]);
  simulation.runTo(simulation.now + 20);
  expect(client.used).toEqual([old, young]);
});

test('what comes under the new pair is proof enough to send under it (RFC 2408 4.3)', () => {
  const { simulation, client } = pair({ initiator: { phase2, rekey } });
  simulation.run(() => client.installed.size === 2, 60_000);
  const [old = 0, young = 0] = client.installed.keys();
  const traffic = [{ inboundSpi: young, sentOctets: 0, receivedOctets: 60 }];
  client.perform(client.engine.espTraffic(traffic, undefined, simulation.now));
  expect(client.used).toEqual([old, young]);
});
