import { expect, test } from 'vitest';
import { seededRandom } from '../host/random.ts';
import type { Payload } from '../isakmp/payload.ts';
import { hex } from '../octets.ts';
import { Internet, Nat } from '../testing/internet.ts';
import { perfect } from '../testing/simulation.ts';
import { sealInformational } from './informational.ts';
import { initiatorConfig, responderConfig } from './testing/configs.ts';
import { Host } from './testing/host.ts';
import { clientOf, reasons, responderWith, ScriptedInitiator } from './testing/scripted-initiator.ts';

test('a repeated message gets the identical answer and advances nothing', () => {
  const engine = responderWith();
  const client = clientOf(engine);
  const { message5 } = client.upToMessage5();
  const [message6 = new Uint8Array()] = client.send(message5);
  const established = engine.summary();
  for (let repetition = 0; repetition < 3; repetition++) {
    expect(client.send(message5).map(hex)).toEqual([hex(message6)]);
  }
  expect(engine.summary()).toEqual(established);
  expect(client.facts.filter(({ fact }) => fact === 'phase1-established').length).toBe(1);
});

test('a repeated message 1 opens no second negotiation; the same cookie with other content does', () => {
  const engine = responderWith();
  const client = clientOf(engine);
  client.upToMessage5();
  expect(engine.summary()).toEqual({ phase1: 0, halfOpen: 1, phase2: 0 });
  // The same seed makes the same messages, octet for octet.
  clientOf(engine).upToMessage5();
  expect(engine.summary().halfOpen).toBe(1);
  const config = { ...initiatorConfig, vendorIds: ['00112233445566778899aabbccddeeff'] };
  new ScriptedInitiator(engine, config, seededRandom('client')).upToMessage5();
  expect(engine.summary().halfOpen).toBe(2);
});

test('more half-open negotiations than allowed are not opened, and the place is free again in time', () => {
  const engine = responderWith({ maximumHalfOpen: 2 });
  const clients = ['a', 'b', 'c'].map((seed) => clientOf(engine, seed));
  const [first, second, third] = clients;
  first?.upToMessage5();
  second?.upToMessage5();
  expect(() => third?.upToMessage5()).toThrow('no answer in the clear');
  expect(third?.facts).toMatchObject([{ fact: 'packet-dropped', reason: 'unexpected' }]);
  expect(engine.summary().halfOpen).toBe(2);
  for (let due = engine.deadline(); due !== undefined; due = engine.deadline()) first?.note(engine.tick(due));
  expect(engine.summary().halfOpen).toBe(0);
  expect(first && reasons(first)).toEqual(['1 no-answer', '1 no-answer']);
  third?.establish();
  expect(engine.summary().phase1).toBe(1);
});

/** Clients behind one NAT or from several places, all at the same responder. */
function crowd(places: readonly { readonly address: string; readonly nat?: Nat }[]) {
  const simulation = new Internet(3, { loss: 0.1, duplication: 0.1, slowestMs: 300 });
  const server = new Host(simulation, '198.18.0.2', responderConfig);
  const clients = places.map(({ address, nat }) => new Host(simulation, address, initiatorConfig, nat));
  for (const client of clients) client.dial('198.18.0.2');
  simulation.runTo(60_000);
  return { simulation, server, clients };
}

test('several clients from several places and behind one NAT all connect (rules MULTI-1, MULTI-2, MULTI-4)', () => {
  const home = new Nat('198.18.0.10', true);
  const hotel = new Nat('198.18.0.11', true);
  const { server, clients } = crowd([
    { address: '198.18.0.1' },
    { address: '198.18.0.3' },
    { address: '192.168.1.10', nat: home },
    { address: '192.168.1.11', nat: home },
    // The private address of the first client at home, behind another NAT.
    { address: '192.168.1.10', nat: hotel },
  ]);
  expect(server.engine.summary()).toEqual({ phase1: 5, halfOpen: 0, phase2: 5 });
  for (const client of clients) {
    const [sa] = [...client.installed.values()];
    const mirrored = sa && server.installed.get(sa.outbound.spi);
    expect(mirrored?.inbound).toEqual(sa?.outbound);
    expect(server.engine.peerOfSa(sa?.outbound.spi ?? 0)?.ip).toBe(
      client.nat?.publicAddress ?? client.address,
    );
  }
});

test('one client that leaves takes only its own SAs along', () => {
  const home = new Nat('198.18.0.10', true);
  const { simulation, server, clients } = crowd([
    { address: '192.168.1.10', nat: home },
    { address: '192.168.1.11', nat: home },
  ]);
  const [leaving, staying] = clients;
  if (leaving === undefined || staying === undefined) throw new Error('two clients expected');
  leaving.perform(leaving.engine.removeSa([...leaving.installed.keys()][0] ?? 0, simulation.now));
  leaving.perform(leaving.engine.close(simulation.now));
  simulation.runTo(70_000);
  const [sa] = [...staying.installed.values()];
  expect([...server.installed.keys()]).toContain(sa?.outbound.spi);
});

test.each([
  ['INITIAL-CONTACT from the same address removes what was before', false, 1],
  ['INITIAL-CONTACT from behind the same NAT removes nobody else (RFC 3947 6, rule MULTI-5)', true, 2],
] as const)('%s', (_, natted, left) => {
  const engine = responderWith();
  const before = clientOf(engine, 'before');
  const after = clientOf(engine, 'after');
  if (natted) {
    // Both are seen at the NAT's address under different ports, while their NAT-D names other places.
    Object.assign(before, { local: { ip: '198.18.0.10', port: 61_000 } });
    Object.assign(after, { local: { ip: '198.18.0.10', port: 61_001 } });
    for (const client of [before, after]) {
      const { send } = client;
      client.send = (message, now) => send.call(client, withForeignNatD(message), now);
    }
  }
  before.establish();
  const phase1 = after.establish();
  expect(engine.summary().phase1).toBe(2);
  const notification: Payload = {
    payload: 'notification',
    notification: {
      doi: 1,
      protocolId: 1,
      notifyType: 24_578,
      spi: new Uint8Array(16),
      data: new Uint8Array(),
    },
  };
  after.send(sealInformational(after, phase1, 4, notification));
  expect(engine.summary().phase1).toBe(left);
});

test('a client that is restarted and says INITIAL-CONTACT takes the place of what it was', () => {
  const simulation = new Internet(5, perfect);
  const server = new Host(simulation, '198.18.0.2', responderConfig);
  const before = new Host(simulation, '198.18.0.1', initiatorConfig);
  before.dial('198.18.0.2');
  simulation.runTo(5000);
  const [old] = server.installed.keys();
  simulation.leave(before);
  const config = { ...initiatorConfig, initialContact: true } as const;
  new Host(simulation, '198.18.0.1', config, undefined, 2).dial('198.18.0.2');
  simulation.runTo(10_000);
  expect(server.engine.summary()).toEqual({ phase1: 1, halfOpen: 0, phase2: 1 });
  expect([...server.installed.keys()]).not.toContain(old);
  expect(server.factsNamed('closed').map(({ layer, by, detail }) => [layer, by, detail])).toEqual([
    ['phase2', 'peer', 'INITIAL-CONTACT'],
    ['phase1', 'peer', 'INITIAL-CONTACT'],
  ]);
});

/** Changes the last octet of a message 3, which is the end of the source's NAT-D hash. */
function withForeignNatD(message: Uint8Array): Uint8Array {
  const isMessage3 = message[16] === 4;
  return message.map((octet, index) => (isMessage3 && index === message.length - 1 ? octet ^ 1 : octet));
}
