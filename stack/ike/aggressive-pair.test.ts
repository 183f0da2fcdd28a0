import { expect, test } from 'vitest';
import { ExchangeType } from '../isakmp/exchange-type.ts';
import { decodeHeader } from '../isakmp/header.ts';
import { phase1Transform, phase2Proposal } from './testing/configs.ts';
import {
  atBoth,
  atClient,
  atResponder,
  expectMirrored,
  failures,
  nowhere,
  pair,
  type Setting,
} from './testing/simulated-pair.ts';

const aggressive = { phase1Mode: 'aggressive' } as const;
const accepting = { acceptsAggressive: true } as const;

function aggressivePair({ initiator, responder, ...rest }: Setting = {}) {
  return pair({
    ...rest,
    initiator: { ...aggressive, ...initiator },
    responder: { ...accepting, ...responder },
  });
}

test.each([
  ['no NAT', nowhere],
  ['client behind NAT', atClient],
  ['responder behind NAT', atResponder],
  ['both behind NAT', atBoth],
])('%s: aggressive mode and quick mode complete, on port 4500 where a NAT is', (_, places) => {
  const { simulation, client, server } = aggressivePair(places);
  simulation.runTo(5000);
  expectMirrored(client, server);
  const translated = places.clientNat || places.responderNat;
  const [sa] = [...client.installed.values()];
  expect(sa?.encapsulation).toBe(translated ? 'udp' : 'none');
  expect(sa?.local.port).toBe(translated ? 4500 : 500);
  expect(client.factsNamed('nat-detected')).toMatchObject([
    { localBehindNat: places.clientNat, peerBehindNat: places.responderNat },
  ]);
  expect(server.factsNamed('nat-detected')).toMatchObject([
    { localBehindNat: places.responderNat, peerBehindNat: places.clientNat },
  ]);
  const sent = client.factsNamed('ike-message').filter(({ direction }) => direction === 'sent');
  expect(sent.map(({ exchange, message }) => `${exchange} ${message}`).slice(0, 3)).toEqual([
    'aggressive-mode 1',
    'aggressive-mode 3',
    'quick-mode 1',
  ]);
});

test.each([1, 2, 3, 4, 5, 6])(
  'loss of 30 percent, reordering and duplicates do not stop it (seed %i)',
  (seed) => {
    const { simulation, client, server } = aggressivePair({
      ...atClient,
      seed,
      network: { loss: 0.3, duplication: 0.2, slowestMs: 400 },
    });
    simulation.runTo(60_000);
    expectMirrored(client, server);
  },
);

test.each([nowhere, atClient, atResponder])(
  'when message 3 is lost the responder repeats message 2 and gets it again, where it was sent first (%o)',
  (places) => {
    const { simulation, client, server } = aggressivePair(places);
    let lost = 0;
    simulation.tamper = (datagram) => {
      const header = decodeHeader(datagram.payload);
      const third =
        header.ok &&
        header.value.exchangeType === ExchangeType.aggressive &&
        header.value.flags.encryption &&
        lost++ === 0;
      return third ? undefined : datagram;
    };
    simulation.runTo(20_000);
    expect(lost).toBeGreaterThan(1);
    expectMirrored(client, server);
  },
);

test('a responder that does not accept it refuses, and the client hears why', () => {
  const { simulation, client, server } = pair({ initiator: aggressive, responder: { sendsNotifies: true } });
  simulation.runTo(5000);
  expect(failures(server)).toEqual([[1, 'no-policy']]);
  expect(failures(client)).toEqual([[1, 'no-policy']]);
  expect(client.factsNamed('notify')).toMatchObject([{ notify: 'UNSUPPORTED-EXCHANGE-TYPE' }]);
  expect(server.engine.summary()).toEqual({ phase1: 0, halfOpen: 0, phase2: 0 });
});

test('a responder that refuses without a word leaves the client without an answer', () => {
  const { simulation, client, server } = pair({ initiator: aggressive });
  simulation.runTo(120_000);
  expect(failures(client)).toEqual([[1, 'no-answer']]);
  expect(server.engine.summary()).toEqual({ phase1: 0, halfOpen: 0, phase2: 0 });
});

test('a responder that accepts it accepts main mode as well', () => {
  const { simulation, client, server } = pair({ responder: accepting });
  simulation.runTo(5000);
  expectMirrored(client, server);
});

test('another pre-shared key is seen by the client alone, which sends no message 3', () => {
  const { simulation, client, server } = aggressivePair({
    responder: { preSharedKey: new Uint8Array(Buffer.from('another')) },
  });
  simulation.runTo(120_000);
  expect(failures(client)).toEqual([[1, 'auth-failed']]);
  expect(failures(server)).toEqual([[1, 'no-answer']]);
  expect(server.engine.summary()).toEqual({ phase1: 0, halfOpen: 0, phase2: 0 });
});

test('a group that the responder does not take cannot be negotiated', () => {
  const { simulation, client, server } = aggressivePair({
    initiator: { phase1: [{ ...phase1Transform, group: 14 }, phase1Transform] },
    responder: { sendsNotifies: true },
  });
  simulation.runTo(5000);
  expect(failures(client)).toEqual([[1, 'no-proposal-chosen']]);
  expect(failures(server)).toEqual([[1, 'no-proposal-chosen']]);
});

test('INITIAL-CONTACT goes in a message of its own, under protection (RFC 2407 4.6.3)', () => {
  const { simulation, client, server } = aggressivePair({
    initiator: { initialContact: true },
    network: { slowestMs: 1 },
  });
  simulation.runTo(5000);
  expectMirrored(client, server);
  expect(server.factsNamed('notify')).toMatchObject([
    { direction: 'received', notify: 'INITIAL-CONTACT', phase: 1, protected: true },
  ]);
});

test.each([nowhere, atClient])(
  'phase 1 is replaced in aggressive mode, and phase 2 with PFS (%o)',
  (places) => {
    const rekey = { marginSeconds: 20, marginKilobytes: 0, fuzz: 0, graceSeconds: 5 };
    const phase1 = [{ ...phase1Transform, lifetimeSeconds: 100 }];
    const { simulation, client, server } = aggressivePair({
      ...places,
      initiator: { rekey, phase1, pfs: 14, phase2: [{ ...phase2Proposal, lifetimeSeconds: 60 }] },
    });
    simulation.runTo(250_000);
    const rekeyed = client.factsNamed('rekeyed').map(({ phase }) => phase);
    expect(rekeyed.filter((phase) => phase === 1).length).toBe(3);
    expect(rekeyed.filter((phase) => phase === 2).length).toBeGreaterThan(3);
    expect([...failures(client), ...failures(server)]).toEqual([]);
    const { exchange } = client.factsNamed('ike-message').find(({ message }) => message === 3) ?? {};
    expect(exchange).toBe('aggressive-mode');
    expect(client.factsNamed('ike-message').filter((fact) => fact.exchange === 'main-mode')).toEqual([]);
  },
);

test('a client by name behind NAT is known by it', () => {
  const { simulation, client, server } = aggressivePair({
    ...atClient,
    initiator: { identity: { type: 'user-fqdn', name: 'a@b' } },
    responder: { expectedPeerIdentity: [{ type: 'user-fqdn', name: 'a@b' }] },
  });
  simulation.runTo(5000);
  expectMirrored(client, server);
  expect(server.factsNamed('phase1-established')).toMatchObject([{ peerIdentity: 'a@b' }]);
});

test('a client whose name is not expected is told so, once it is proven', () => {
  const { simulation, server } = aggressivePair({
    initiator: { identity: { type: 'fqdn', name: 'stranger' } },
    responder: { expectedPeerIdentity: [{ type: 'fqdn', name: 'friend' }], sendsNotifies: true },
  });
  simulation.runTo(5000);
  expect(failures(server)).toContainEqual([1, 'id-mismatch']);
  expect(server.installed.size).toBe(0);
});

/** Messages that the responder sent in its last exchange of that kind, repetitions among them. */
function sentBy(host: ReturnType<typeof pair>['server'], kind: string): number {
  const sent = host.factsNamed('ike-message').filter(({ direction }) => direction === 'sent');
  return sent.filter(({ exchange }) => exchange === kind).length;
}

// What a forged message 1 has a responder send to somebody who never asked: fuzzing measured 26 octets for one.
test('message 2 is sent once to an address that nothing has proved, however long message 3 stays away', () => {
  const { simulation, client, server } = aggressivePair();
  simulation.tamper = (datagram) => (datagram.source.ip === '198.18.0.2' ? undefined : datagram);
  simulation.runTo(5);
  simulation.remove(client);
  simulation.runTo(10 * 60_000);
  expect(sentBy(server, 'aggressive-mode')).toBe(1);
  expect(server.engine.summary()).toEqual({ phase1: 0, halfOpen: 0, phase2: 0 });
  expect(server.engine.deadline()).toBeUndefined();
});
