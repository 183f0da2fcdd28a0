import { expect, test } from 'vitest';
import { hex } from '../octets.ts';
import { groupNumbers } from './diffie-hellman.ts';
import { answerKeyExchange, takesGroup } from './pfs.ts';
import { phase2Proposal } from './testing/configs.ts';
import { atClient, expectMirrored, failures, pair } from './testing/simulated-pair.ts';

const l2tp = { name: 'l2tp', protocol: 17, localPort: 1701, proposals: [phase2Proposal] };

test.each(groupNumbers)('PFS with group %i gives both ends the same keys of ESP', (group) => {
  const { simulation, client, server } = pair({
    ...atClient,
    initiator: { pfs: group },
    responder: { policies: [{ ...l2tp, pfs: [group] }] },
  });
  simulation.runTo(5000);
  expectMirrored(client, server);
});

test('the keys are others than without PFS, all else being equal', () => {
  const keysOf = (initiator: { pfs?: 2 }) => {
    const { simulation, client, server } = pair({ initiator });
    simulation.runTo(5000);
    expectMirrored(client, server);
    return [...client.installed.values()].map(({ inbound }) => hex(inbound.encryptionKey));
  };
  expect(keysOf({})).toEqual(keysOf({}));
  expect(keysOf({ pfs: 2 })).not.toEqual(keysOf({}));
});

test('a policy that says nothing of PFS does as the initiator wishes (rule PROP-4)', () => {
  for (const initiator of [{}, { pfs: 14 }] as const) {
    const { simulation, client, server } = pair({ initiator });
    simulation.runTo(5000);
    expectMirrored(client, server);
  }
});

test.each([
  ['another group than the policy has', { pfs: 14 }, [2, 5]],
  ['no PFS where the policy demands it', {}, [2]],
  ['PFS where the policy has none', { pfs: 2 }, []],
] as const)('%s: no proposal is chosen, and both ends say so (rule PROP-4)', (_, initiator, pfs) => {
  const { simulation, client, server } = pair({
    initiator,
    responder: { policies: [{ ...l2tp, pfs }], sendsNotifies: true },
  });
  simulation.runTo(5000);
  expect(failures(client)).toEqual([[2, 'no-proposal-chosen']]);
  expect(server.factsNamed('ike-failed')).toMatchObject([
    { phase: 2, reason: 'no-proposal-chosen', detail: 'policy l2tp accepts no PFS group that is offered' },
  ]);
  expect(server.engine.summary()).toEqual({ phase1: 1, halfOpen: 0, phase2: 0 });
});

test('a group and a public value come together or not at all, and of one length', () => {
  const ofGroup2 = new Uint8Array(128);
  const any = takesGroup({}, ofGroup2);
  expect([2, 1, 14, undefined].map((group) => any(group as 2 | undefined))).toEqual([
    true,
    false,
    false,
    false,
  ]);
  const without = takesGroup({}, undefined);
  expect([2, undefined].map((group) => without(group as 2 | undefined))).toEqual([false, true]);
  expect(takesGroup({ pfs: [] }, undefined)(undefined)).toBe(true);
  expect(takesGroup({ pfs: [2] }, undefined)(undefined)).toBe(false);
});

test('a public value that is none of the group is refused, in words', () => {
  const random = (length: number) => new Uint8Array(length).fill(9);
  expect(answerKeyExchange(2, new Uint8Array(128), random)).toBe('the value is not between 1 and p - 1');
  expect(answerKeyExchange(19, new Uint8Array(64), random)).toBe('the point is not on the curve');
});
