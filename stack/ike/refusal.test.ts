import { expect, test } from 'vitest';
import { phase1Transform, phase2Proposal } from './testing/configs.ts';
import {
  atBoth,
  atClient,
  atResponder,
  expectMirrored,
  failures,
  inside,
  nowhere,
  pair,
} from './testing/simulated-pair.ts';

test('a wrong pre-shared key: the responder falls silent at message 5 (rule PROP-6)', () => {
  const preSharedKey = new Uint8Array(Buffer.from('another1'));
  const { simulation, client, server } = pair({
    ...atClient,
    initiator: { preSharedKey },
    responder: { sendsNotifies: true },
  });
  simulation.runTo(120_000);
  expect(failures(server)).toEqual([[1, 'auth-failed']]);
  expect(failures(client)).toEqual([[1, 'no-answer']]);
  expect(client.factsNamed('ike-message').at(-1)).toMatchObject({
    direction: 'sent',
    message: 5,
    transmission: 10,
  });
  expect(client.factsNamed('notify')).toEqual([]);
  expect(server.factsNamed('ike-message').at(-1)).toMatchObject({
    direction: 'received',
    message: 5,
    transmission: 10,
  });
  expect([client.engine.summary(), server.engine.summary()]).toEqual(
    Array(2).fill({ phase1: 0, halfOpen: 0, phase2: 0 }),
  );
});

test('no common phase 1 transform (rule PROP-2): silence, or NO-PROPOSAL-CHOSEN in the clear', () => {
  const phase1 = [{ ...phase1Transform, group: 14 } as const];
  const silent = pair({ initiator: { phase1 } });
  silent.simulation.runTo(120_000);
  expect(failures(silent.client)).toEqual([[1, 'no-answer']]);
  expect(failures(silent.server)).toEqual(Array(10).fill([1, 'no-proposal-chosen']));
  const telling = pair({ initiator: { phase1 }, responder: { sendsNotifies: true } });
  telling.simulation.runTo(120_000);
  expect(failures(telling.client)).toEqual([[1, 'no-proposal-chosen']]);
  expect(telling.client.factsNamed('notify')).toEqual([
    { fact: 'notify', direction: 'received', notify: 'NO-PROPOSAL-CHOSEN', phase: 1, protected: false },
  ]);
});

test.each([
  [
    'no common phase 2 proposal (rule PROP-3)',
    { phase2: [{ ...phase2Proposal, encryption: 'null' }] },
    'no-proposal-chosen',
    'NO-PROPOSAL-CHOSEN',
    'no-proposal-chosen',
  ],
  // The notify names the identities (RFC 2408 3.14.1), and not what the responder has against them.
  [
    'no policy for the ports (rule PORT-4)',
    { peerPort: 0 },
    'no-policy',
    'INVALID-ID-INFORMATION',
    'id-mismatch',
  ],
] as const)('%s: silence, or a protected notify', (_, initiator, reason, notify, heard) => {
  const silent = pair({ initiator });
  silent.simulation.runTo(120_000);
  expect(failures(silent.client)).toEqual([[2, 'no-answer']]);
  expect(failures(silent.server)).toEqual([[2, reason]]);
  const telling = pair({ initiator, responder: { sendsNotifies: true } });
  telling.simulation.runTo(120_000);
  expect(failures(telling.client)).toEqual([[2, heard]]);
  expect(telling.client.factsNamed('notify')).toEqual([
    { fact: 'notify', direction: 'received', notify, phase: 2, protected: true },
  ]);
  expect(telling.server.engine.summary()).toEqual({ phase1: 1, halfOpen: 0, phase2: 0 });
});

test('a refusal that gets lost is repeated with its message', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const network = { loss: 0.3, duplication: 0.2, slowestMs: 300 };
    const { simulation, client } = pair({
      initiator: { peerPort: 0 },
      responder: { sendsNotifies: true },
      seed,
      network,
    });
    simulation.runTo(120_000);
    expect(failures(client)).toEqual([[2, 'id-mismatch']]);
  }
});

test('NAT-T off on one side behind NAT (rules NAT-6, NAT-7): the private address in message 5 is refused', () => {
  for (const setting of [{ initiator: { natTraversal: [] } }, { responder: { natTraversal: [] } }]) {
    const { simulation, client, server } = pair({ ...atClient, ...setting });
    simulation.runTo(120_000);
    expect(server.factsNamed('nat-traversal-chosen')).toMatchObject([{ revision: 'none' }]);
    expect(failures(server)).toEqual([[1, 'id-mismatch']]);
    expect(failures(client)).toEqual([[1, 'no-answer']]);
    expect(simulation.wire.map(({ destination }) => destination.port)).not.toContain(4500);
  }
  const telling = pair({ ...atClient, initiator: { natTraversal: [] }, responder: { sendsNotifies: true } });
  telling.simulation.runTo(120_000);
  expect(failures(telling.client)).toEqual([[1, 'id-mismatch']]);
});

test('no common revision is no NAT-T (rule NAT-15)', () => {
  const { simulation, server } = pair({
    ...atClient,
    initiator: { natTraversal: ['draft-02n'] },
    responder: { natTraversal: ['rfc3947'] },
  });
  simulation.runTo(120_000);
  expect(failures(server)).toEqual([[1, 'id-mismatch']]);
});

test('a responder that asks for no identity completes without NAT-T, and the selectors keep the inside address', () => {
  const { simulation, client, server } = pair({
    ...atClient,
    initiator: { natTraversal: [] },
    responder: { expectedPeerIdentity: 'any', quickModeAddresses: 'any' },
  });
  simulation.runTo(5000);
  expectMirrored(client, server);
  const [sa] = [...server.installed.values()];
  expect(sa).toMatchObject({
    encapsulation: 'none',
    peerSelector: { ip: inside },
    peer: { ip: '198.18.0.1' },
  });
});

test('without NAT-T a strict responder refuses quick mode addresses that are not the outer ones (rule NAT-16)', () => {
  const responder = { natTraversal: [], sendsNotifies: true };
  // The client names its public address in phase 1, so that quick mode is reached with the inside one.
  const client = pair({
    ...atClient,
    initiator: { identity: { type: 'ipv4', address: '198.18.0.1' } },
    responder,
  });
  client.simulation.runTo(120_000);
  expect(failures(client.server)).toEqual([[2, 'id-mismatch']]);
  expect(failures(client.client)).toEqual([[2, 'id-mismatch']]);
  const server = pair({ ...atResponder, responder });
  server.simulation.runTo(120_000);
  expect(failures(server.server)).toEqual([[2, 'id-mismatch']]);
  expect(failures(server.client)).toEqual([[2, 'id-mismatch']]);
  const lenient = pair({ ...atResponder, responder: { natTraversal: [], quickModeAddresses: 'any' } });
  lenient.simulation.runTo(5000);
  expectMirrored(lenient.client, lenient.server);
});

test.each([
  [0, nowhere, false],
  [0, atClient, false],
  [0, atResponder, true],
  [0, atBoth, true],
  [1, atResponder, false],
  [1, atBoth, true],
  [2, atBoth, false],
] as const)('rule %i with %o refuses: %s (rules WIN-1 to WIN-5)', (rule, places, refused) => {
  const stopping = pair({
    ...places,
    initiator: { natRule: { rule, whenRefused: 'stop-after-nat-detection' } },
  });
  stopping.simulation.runTo(60_000);
  const withholding = pair({
    ...places,
    initiator: { natRule: { rule, whenRefused: 'complete-but-send-no-esp' } },
  });
  withholding.simulation.runTo(60_000);
  expectMirrored(withholding.client, withholding.server);
  for (const { client } of [stopping, withholding]) {
    expect(client.factsNamed('nat-refused').map((fact) => fact.rule)).toEqual(refused ? [rule] : []);
  }
  expect(failures(withholding.client)).toEqual([]);
  if (!refused) {
    expectMirrored(stopping.client, stopping.server);
    return;
  }
  expect(failures(stopping.client)).toEqual([[1, 'nat-refused']]);
  expect(failures(stopping.server)).toEqual([[1, 'no-answer']]);
  expect(stopping.client.factsNamed('ike-message').at(-1)).toMatchObject({
    direction: 'received',
    message: 4,
  });
  expect(stopping.server.engine.summary()).toEqual({ phase1: 0, halfOpen: 0, phase2: 0 });
});
