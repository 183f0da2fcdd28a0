import { expect, test } from 'vitest';
import { phase1Transform, phase2Proposal } from './testing/configs.ts';
import {
  atBoth,
  atClient,
  atResponder,
  expectMirrored,
  inside,
  nowhere,
  pair,
} from './testing/simulated-pair.ts';

test('a client that withholds ESP negotiates anew and deletes what was before (field facts C2)', () => {
  const natRule = { rule: 0, whenRefused: 'complete-but-send-no-esp' } as const;
  const { simulation, client, server } = pair({ ...atResponder, initiator: { natRule } });
  simulation.runTo(5000);
  const [before = 0] = client.installed.keys();
  client.perform(client.engine.requestQuickMode(simulation.now));
  client.perform(client.engine.removeSa(before, simulation.now));
  simulation.runTo(10_000);
  expectMirrored(client, server);
  expect([...client.installed.keys()]).not.toContain(before);
  expect(server.factsNamed('closed')).toMatchObject([{ layer: 'phase2', by: 'peer' }]);
});

test('hanging up leaves nothing on either side (rule PPP-7)', () => {
  for (const places of [nowhere, atBoth]) {
    const { simulation, client, server } = pair(places);
    simulation.runTo(5000);
    client.perform(client.engine.close(simulation.now));
    simulation.runTo(10_000);
    for (const host of [client, server]) {
      expect(host.engine.summary()).toEqual({ phase1: 0, halfOpen: 0, phase2: 0 });
      expect(host.installed.size).toBe(0);
      expect(host.factsNamed('closed').map(({ layer }) => layer)).toEqual(['phase2', 'phase1']);
      expect(host.engine.deadline()).toBeUndefined();
    }
  }
});

test('a responder tells of its deletes as configured', () => {
  for (const sendsDeletes of [true, false]) {
    const { simulation, client, server } = pair({ responder: { sendsDeletes } });
    simulation.runTo(5000);
    server.perform(server.engine.close(simulation.now));
    simulation.runTo(10_000);
    expect(server.engine.summary()).toEqual({ phase1: 0, halfOpen: 0, phase2: 0 });
    expect(client.engine.summary().phase1).toBe(sendsDeletes ? 0 : 1);
  }
});

test('lifetimes end SAs', () => {
  const phase1 = [{ ...phase1Transform, lifetimeSeconds: 300 }];
  const phase2 = [{ ...phase2Proposal, lifetimeSeconds: 100 }];
  const { simulation, client, server } = pair({ initiator: { phase1, phase2 } });
  simulation.runTo(90_000);
  expectMirrored(client, server);
  simulation.runTo(110_000);
  expect([client.engine.summary(), server.engine.summary()]).toEqual(
    Array(2).fill({ phase1: 1, halfOpen: 0, phase2: 0 }),
  );
  expect(client.factsNamed('closed')).toMatchObject([{ layer: 'phase2', by: 'timeout' }]);
  simulation.runTo(310_000);
  expect([client.engine.summary(), server.engine.summary()]).toEqual(
    Array(2).fill({ phase1: 0, halfOpen: 0, phase2: 0 }),
  );
});

test('the side behind NAT sends keepalives, the other none (RFC 3948 4)', () => {
  const { simulation, client, server } = pair(atClient);
  simulation.runTo(61_000);
  expect([client.keepalives, server.keepalives]).toEqual([3, 0]);
  const silent = pair({ ...atClient, initiator: { keepaliveSeconds: 0 } });
  silent.simulation.runTo(61_000);
  expect(silent.client.keepalives).toBe(0);
});

test('a new mapping is followed with the next authentic message (RFC 3947 7)', () => {
  const { simulation, client, server } = pair(atClient);
  simulation.runTo(5000);
  const [spi = 0] = server.installed.keys();
  const before = server.engine.peerOfSa(spi);
  client.nat?.rebind(inside);
  client.perform(client.engine.requestQuickMode(simulation.now));
  simulation.runTo(10_000);
  const after = server.engine.peerOfSa(spi);
  expect(after).not.toEqual(before);
  expect(server.moves).toMatchObject([{ from: before, to: after }]);
  expect([...server.installed.values()].at(-1)?.peer).toEqual(after);
  expect(client.installed.size).toBe(2);
});

test('an SA is installed towards where the peer is when message 3 comes', () => {
  const { simulation, client, server } = pair(atClient);
  let quickModeMessages = 0;
  simulation.tamper = (datagram) => {
    // The mapping is lost between messages 1 and 3 of quick mode (exchange type 32).
    const fromClient = datagram.source.ip === '198.18.0.1';
    if (datagram.payload[18] === 32 && fromClient && ++quickModeMessages === 1) client.nat?.rebind(inside);
    return datagram;
  };
  simulation.runTo(10_000);
  const [sa] = [...server.installed.values()];
  expect(quickModeMessages).toBeGreaterThan(1);
  expect(server.moves.length).toBe(1);
  expect(sa?.peer).toEqual(server.moves[0]?.to);
});
