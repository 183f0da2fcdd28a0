import { expect, test } from 'vitest';
import { hex } from '../octets.ts';
import { phase1Transform, phase2Proposal } from './testing/configs.ts';
import {
  atBoth,
  atClient,
  atResponder,
  expectMirrored,
  inside,
  nowhere,
  office,
  pair,
} from './testing/simulated-pair.ts';

test.each([
  ['no NAT (rule NAT-1)', nowhere],
  ['client behind NAT (rule NAT-2)', atClient],
  ['responder behind NAT (rules NAT-3, NAT-20)', atResponder],
  ['both behind NAT', atBoth],
])('%s: both phases complete, in either revision', (_, places) => {
  for (const revision of ['rfc3947', 'draft-02n'] as const) {
    const { simulation, client, server } = pair({ ...places, initiator: { natTraversal: [revision] } });
    simulation.runTo(5000);
    expectMirrored(client, server);
    const translated = places.clientNat || places.responderNat;
    const [sa] = [...client.installed.values()];
    expect(sa?.encapsulation).toBe(translated ? 'udp' : 'none');
    expect(sa?.local.port).toBe(translated ? 4500 : 500);
    for (const host of [client, server]) {
      expect(host.factsNamed('nat-traversal-chosen')).toEqual([{ fact: 'nat-traversal-chosen', revision }]);
      expect(host.factsNamed('port-floated').length).toBe(translated ? 1 : 0);
      expect(host.factsNamed('ike-failed')).toEqual([]);
    }
    expect(client.factsNamed('nat-detected')).toMatchObject([
      { localBehindNat: places.clientNat, peerBehindNat: places.responderNat },
    ]);
    expect(server.factsNamed('nat-detected')).toMatchObject([
      { localBehindNat: places.responderNat, peerBehindNat: places.clientNat },
    ]);
  }
});

test('a strict responder behind NAT takes no quick mode for the address that was dialled (rule NAT-20)', () => {
  const strict = { quickModeAddresses: 'outer', refusesDialledAddress: true } as const;
  const { simulation, client, server } = pair({ ...atResponder, responder: strict });
  simulation.runTo(5000);
  expect(server.factsNamed('ike-failed')).toMatchObject([{ phase: 2, reason: 'id-mismatch' }]);
  expect(client.installed.size).toBe(0);
  const elsewhere = pair({ ...atClient, responder: strict });
  elsewhere.simulation.runTo(5000);
  expect(elsewhere.server.factsNamed('ike-failed')).toEqual([]);
});

test('six messages of main mode, three of quick mode, and from message 5 on everything is on 4500 (RFC 3947 4)', () => {
  const { simulation, client } = pair(atClient);
  simulation.runTo(5000);
  const messages = client.factsNamed('ike-message').map(({ direction, exchange, message, peer, local }) => {
    return `${exchange} ${message} ${direction} ${local.port}-${peer.port}`;
  });
  expect(messages).toEqual([
    'main-mode 1 sent 500-500',
    'main-mode 2 received 500-500',
    'main-mode 3 sent 500-500',
    'main-mode 4 received 500-500',
    'main-mode 5 sent 4500-4500',
    'main-mode 6 received 4500-4500',
    'quick-mode 1 sent 4500-4500',
    'quick-mode 2 received 4500-4500',
    'quick-mode 3 sent 4500-4500',
  ]);
  client.perform(client.engine.close(simulation.now));
  simulation.runTo(10_000);
  // Messages 5 and 6, three of quick mode, two deletes: the responder's end is on 4500 in all of them.
  const later = simulation.wire
    .slice(4)
    .map(({ source, destination }) => (source.ip === '198.18.0.2' ? source.port : destination.port));
  expect(later).toEqual(Array(7).fill(4500));
});

test("NAT-OA: RFC 3947 names both addresses both ways, draft-02 the sender's own", () => {
  const both = pair(atBoth);
  both.simulation.runTo(5000);
  const [atServer] = [...both.server.installed.values()];
  const [atHome] = [...both.client.installed.values()];
  // What the initiator sees: itself inside, the responder as dialled. The responder sees the reverse.
  expect(atServer?.natOriginal).toEqual({ initiator: inside, responder: '198.18.0.2' });
  expect(atHome?.natOriginal).toEqual({ initiator: '198.18.0.1', responder: office });
  const draft = pair({ ...atBoth, initiator: { natTraversal: ['draft-02n'] } });
  draft.simulation.runTo(5000);
  expect([...draft.server.installed.values()][0]?.natOriginal).toEqual({ initiator: inside });
  expect([...draft.client.installed.values()][0]?.natOriginal).toEqual({ responder: office });
  const plain = pair(nowhere);
  plain.simulation.runTo(5000);
  expect([...plain.server.installed.values()][0]?.natOriginal).toBeUndefined();
});

test.each([0, 0.1, 0.2, 0.3])('with loss %d, duplicates and reordering both phases complete', (loss) => {
  for (let seed = 1; seed <= 20; seed++) {
    const network = { loss, duplication: 0.2, slowestMs: 700 };
    const { simulation, client, server } = pair({ ...atBoth, seed, network });
    simulation.runTo(120_000);
    expectMirrored(client, server);
    expect(server.factsNamed('phase1-established').length).toBe(1);
    expect(server.factsNamed('phase2-established').length).toBe(1);
  }
});

test('the same seed gives the same octets, another one gives others', () => {
  const octets = (seed: number) => {
    const network = { loss: 0.2, duplication: 0.2, slowestMs: 300 };
    const { simulation, client } = pair({ ...atClient, seed, network });
    simulation.runTo(60_000);
    client.perform(client.engine.close(simulation.now));
    return simulation.wire.map(({ payload }) => hex(payload));
  };
  expect(octets(7)).toEqual(octets(7));
  expect(octets(7)).not.toEqual(octets(8));
});

test.each(
  (['des-cbc', '3des-cbc', 'aes-cbc-128', 'aes-cbc-192', 'aes-cbc-256'] as const).flatMap((encryption) =>
    (['md5', 'sha1', 'sha2-256'] as const).map((hash) => [encryption, hash] as const),
  ),
)('%s with %s protects both phases', (encryption, hash) => {
  for (const group of [1, 2, 14] as const) {
    const phase1 = [{ ...phase1Transform, encryption, hash, group }];
    const { simulation, client, server } = pair({ initiator: { phase1 }, responder: { phase1 } });
    simulation.runTo(5000);
    expectMirrored(client, server);
    expect(server.factsNamed('phase1-proposal-chosen')).toMatchObject([{ transform: phase1[0], offered: 0 }]);
  }
});

test('of several proposals the chosen one is told with its place in the offer', () => {
  const weak = { ...phase1Transform, encryption: 'des-cbc', group: 1 } as const;
  const weakEsp = { ...phase2Proposal, encryption: 'des-cbc' } as const;
  const offers = { phase1: [weak, phase1Transform], phase2: [weakEsp, phase2Proposal] };
  const policies = [{ name: 'l2tp', protocol: 17, proposals: [phase2Proposal, weakEsp] }];
  for (const choice of ['initiator-order', 'responder-order'] as const) {
    const offered = choice === 'initiator-order' ? 0 : 1;
    const { simulation, client, server } = pair({
      initiator: offers,
      responder: { phase1: [phase1Transform, weak], policies, choice },
    });
    simulation.runTo(5000);
    expectMirrored(client, server);
    for (const host of [client, server]) {
      expect(host.factsNamed('phase1-proposal-chosen')).toMatchObject([{ offered }]);
      expect(host.factsNamed('phase2-proposal-chosen')).toMatchObject([{ offered }]);
    }
  }
});
