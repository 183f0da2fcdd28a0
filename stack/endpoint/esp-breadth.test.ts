import { expect, test } from 'vitest';
import { encryptionShapes, goTogether, integrityShapes } from '../esp/algorithms.ts';
import type { Phase2Proposal } from '../ike/config.ts';
import type { EspEncryption, EspIntegrity } from '../sa.ts';
import { clientExample, responderExample } from './testing/examples.ts';
import { ipPacket } from './testing/ip-packet.ts';
import { joined, type Way } from './testing/joined.ts';

const responderAddress = '198.18.2.10';
const behindNat: Way = { clientNat: '198.18.1.2' };
const lifetimeSeconds = 3600;

/** A client and a responder that say this of phase 2; the client dials. */
function dialled(
  way: Way,
  offered: readonly Phase2Proposal[],
  accepted: readonly Phase2Proposal[] = offered,
  replayWindow?: number,
) {
  const responder = responderExample(responderAddress);
  const [policy] = responder.ike.policies;
  if (policy === undefined) throw new Error('the example has a policy');
  const window = replayWindow === undefined ? {} : { replayWindow };
  const simulation = joined(
    'esp breadth',
    way,
    { ...clientExample, ...window, ike: { ...clientExample.ike, phase2: offered } },
    {
      ...responder,
      ...window,
      ike: { ...responder.ike, policies: [{ ...policy, proposals: accepted }] },
    },
  );
  simulation.client.act((endpoint, now) => endpoint.connect(now));
  return simulation;
}

type Dialled = ReturnType<typeof dialled>;

/** Whether the link came up and one packet in each direction came through. */
function carries({ internet, client, responder }: Dialled): boolean {
  if (!internet.run(() => client.isUp && responder.isUp, 60_000)) return false;
  client.act((endpoint, now) => endpoint.sendIp(ipPacket('192.168.8.50', '192.168.2.10', 'there'), now));
  responder.act((endpoint, now) => endpoint.sendIp(ipPacket('192.168.2.10', '192.168.8.50', 'back'), now));
  return internet.run(() => client.delivered.length === 1 && responder.delivered.length === 1, 10_000);
}

const modes = (encapsulated: boolean) => (encapsulated ? behindNat : {});
const some: Phase2Proposal = { encryption: 'aes-cbc-128', integrity: 'hmac-sha1-96', lifetimeSeconds };

const together = (Object.keys(encryptionShapes) as EspEncryption[])
  .flatMap((encryption) =>
    (Object.keys(integrityShapes) as EspIntegrity[]).map((integrity) => ({ encryption, integrity })),
  )
  .filter(goTogether);

test('every cipher with every MAC is negotiated and carries a connection', () => {
  for (const [index, algorithms] of together.entries()) {
    const extended = index % 2 === 0 ? { extendedSequenceNumbers: true as const } : {};
    const tunnel = index % 3 === 0 ? { mode: 'tunnel' as const } : {};
    const simulation = dialled(modes(index % 5 < 3), [
      { ...algorithms, ...extended, ...tunnel, lifetimeSeconds },
    ]);
    expect(carries(simulation)).toBe(true);
    expect(simulation.responder.endpoint.securityAssociations()).toMatchObject([
      { algorithms: { ...algorithms, ...extended }, mode: tunnel.mode ?? 'transport', drops: {} },
      { algorithms: { ...algorithms, ...extended }, mode: tunnel.mode ?? 'transport', drops: {} },
    ]);
  }
});

test.each([
  ['without NAT', {}],
  ['with the client behind NAT', behindNat],
  ['with the responder behind NAT', { responderNat: { public: '198.18.2.2', forwards: [500, 4500] } }],
] as const)('L2TP goes through tunnel mode %s, between the inner addresses', (_, way) => {
  const inside = '192.168.1.2';
  const natted = 'responderNat' in way;
  const address = natted ? inside : responderAddress;
  const example = responderExample(address);
  const proposals = [{ ...some, mode: 'tunnel' as const }];
  const policies = example.ike.policies.map((policy) => ({ ...policy, proposals }));
  const simulation = joined(
    'tunnel',
    way,
    {
      ...clientExample,
      dial: natted ? way.responderNat.public : responderAddress,
      ike: { ...clientExample.ike, phase2: proposals },
    },
    { ...example, ike: { ...example.ike, policies } },
  );
  simulation.client.act((endpoint, now) => endpoint.connect(now));
  expect(carries(simulation)).toBe(true);
  const [sa] = simulation.client.endpoint.securityAssociations();
  expect(sa).toMatchObject({ mode: 'tunnel', encapsulation: 'clientNat' in way || natted ? 'udp' : 'none' });
});

test('transport mode and tunnel mode have no proposal in common', () => {
  for (const [offered, accepted] of [
    [{ ...some, mode: 'tunnel' as const }, some],
    [some, { ...some, mode: 'tunnel' as const }],
  ] as const) {
    for (const way of [{}, behindNat]) {
      const { internet, client, responder } = dialled(way, [offered], [accepted]);
      expect(internet.run(() => client.fact('ike-failed') !== undefined, 60_000)).toBe(true);
      const refusal = { fact: 'ike-failed', phase: 2, reason: 'no-proposal-chosen' };
      expect(responder.fact('ike-failed')).toMatchObject(refusal);
      expect(client.fact('ike-failed')).toMatchObject(refusal);
    }
  }
});

test('of both modes offered the one that the responder has is taken', () => {
  const simulation = dialled(behindNat, [some, { ...some, mode: 'tunnel' }], [{ ...some, mode: 'tunnel' }]);
  expect(carries(simulation)).toBe(true);
  expect(simulation.client.fact('phase2-proposal-chosen')).toMatchObject({ offered: 1 });
});

test('HMAC-SHA2-256 cut to 96 bits at one end alone is agreed upon and opens nothing (rule ESP-1)', () => {
  const whole: Phase2Proposal = { ...some, integrity: 'hmac-sha2-256-128' };
  const cut: Phase2Proposal = { ...some, integrity: 'hmac-sha2-256-96' };
  for (const [offered, accepted] of [
    [whole, cut],
    [cut, whole],
  ] as const) {
    const simulation = dialled({}, [offered], [accepted]);
    expect(carries(simulation)).toBe(false);
    const { client, responder } = simulation;
    expect(client.fact('phase2-established')).toBeDefined();
    expect(responder.fact('phase2-established')).toBeDefined();
    expect(responder.fact('esp-received')).toBeUndefined();
    expect(['bad-icv', 'malformed']).toContain(responder.fact('packet-dropped')?.reason);
  }
  expect(carries(dialled({}, [cut], [cut]))).toBe(true);
});

test('extended sequence numbers that one end alone wants are not agreed upon', () => {
  const extended: Phase2Proposal = { ...some, extendedSequenceNumbers: true };
  for (const [offered, accepted] of [
    [extended, some],
    [some, extended],
  ] as const) {
    const { internet, client } = dialled({}, [offered], [accepted]);
    expect(internet.run(() => client.fact('ike-failed') !== undefined, 60_000)).toBe(true);
    expect(client.fact('ike-failed')).toMatchObject({ reason: 'no-proposal-chosen' });
  }
});

test('a replay window is what the endpoint is told, and none that no SA can have', () => {
  expect(carries(dialled({}, [some], [some], 4096))).toBe(true);
  for (const window of [32, 5000]) expect(() => dialled({}, [some], [some], window)).toThrow('replay window');
});

test('a packet of no SA is dropped and told, whatever its length', () => {
  const simulation = dialled({}, [some]);
  expect(carries(simulation)).toBe(true);
  const { responder } = simulation;
  for (const payload of [Uint8Array.of(1, 2, 3, 4, 0, 0, 0, 1), Uint8Array.of(1, 2), new Uint8Array(0)]) {
    responder.act((endpoint, now) =>
      endpoint.receiveEsp({ local: responderAddress, peer: '198.18.1.99', payload }, now),
    );
    expect(responder.facts.at(-1)).toMatchObject({ fact: 'packet-dropped', reason: 'unknown-spi' });
  }
  expect(responder.endpoint.securityAssociations()[0]?.drops).toEqual({});
});
