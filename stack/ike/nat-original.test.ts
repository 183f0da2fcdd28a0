import { expect, test } from 'vitest';
import { ipv4FromBytes, ipv4ToBytes } from '../address.ts';
import type { ReceivedPayload } from '../isakmp/message.ts';
import type { Payload } from '../isakmp/payload.ts';
import { everyRevision } from '../nat-traversal/numbers.ts';
import type { NatTraversalRevision } from '../nat-traversal/revision.ts';
import { natOriginalPayloads, readNatOriginal } from './nat-original.ts';
import { initiatorConfig, phase2Proposal, responderConfig } from './testing/configs.ts';

const ends = {
  local: { ip: '192.168.1.10', port: 4500 },
  peer: { ip: '198.18.0.2', port: 4500 },
};
const behindNat = { localBehindNat: true, peerBehindNat: false, encapsulates: true };
const open = { localBehindNat: false, peerBehindNat: true, encapsulates: true };
const none = { localBehindNat: false, peerBehindNat: false, encapsulates: false };

type Sent = Parameters<typeof natOriginalPayloads>;

function sent(phase1: Sent[0], config: Sent[2], proposals: Sent[3] = [phase2Proposal]) {
  return natOriginalPayloads(phase1, ends, config, proposals).flatMap((payload) =>
    payload.payload === 'nat-oa' ? [`${payload.number} ${ipv4FromBytes(payload.address.address)}`] : [],
  );
}

test('RFC 3947 sends the address of the initiator and that of the responder, in this order, from either end (5.2)', () => {
  expect(sent({ nat: behindNat, revision: 'rfc3947' }, initiatorConfig)).toEqual([
    '21 192.168.1.10',
    '21 198.18.0.2',
  ]);
  expect(sent({ nat: behindNat, revision: 'rfc3947' }, responderConfig)).toEqual([
    '21 198.18.0.2',
    '21 192.168.1.10',
  ]);
});

test('the early drafts send the own address alone, the Apple revision none, each under its number', () => {
  const first = (revision: NatTraversalRevision) => sent({ nat: behindNat, revision }, initiatorConfig);
  for (const revision of ['draft-00', 'draft-01', 'draft-02', 'draft-02n', 'draft-03'] as const) {
    expect(first(revision)).toEqual(['131 192.168.1.10']);
  }
  expect(first('draft-08')).toEqual(['16 192.168.1.10', '16 198.18.0.2']);
  expect(first('apple')).toEqual([]);
});

test('they are for transport mode: an offer of tunnel mode alone has none (5.2)', () => {
  const tunnel = { ...phase2Proposal, mode: 'tunnel' } as const;
  const rfc = { nat: behindNat, revision: 'rfc3947' } as const;
  expect(sent(rfc, initiatorConfig, [tunnel])).toEqual([]);
  expect(sent(rfc, initiatorConfig, [tunnel, phase2Proposal])).toHaveLength(2);
});

test('there are none without UDP encapsulation, nor where the configuration has none', () => {
  for (const revision of everyRevision) {
    expect(sent({ nat: none, revision }, initiatorConfig)).toEqual([]);
    expect(sent({ nat: undefined, revision }, initiatorConfig)).toEqual([]);
    expect(sent({ nat: behindNat, revision }, { ...initiatorConfig, natOriginalAddress: 'never' })).toEqual(
      [],
    );
  }
  const windows = { ...initiatorConfig, natOriginalAddress: 'when-behind-nat' } as const;
  expect(sent({ nat: open, revision: 'rfc3947' }, windows)).toEqual([]);
  expect(sent({ nat: behindNat, revision: 'rfc3947' }, windows)).toHaveLength(2);
});

const received = (number: number, ...addresses: readonly Uint8Array[]): ReceivedPayload[] =>
  addresses.map((address) => {
    const payload: Payload = {
      payload: 'nat-oa',
      number,
      address: { idType: address.length === 4 ? 1 : 5, address },
    };
    return { payload, body: new Uint8Array(), end: 0 };
  });
const [client, server] = [ipv4ToBytes('192.168.1.10'), ipv4ToBytes('10.1.0.1')];

test('two name both ends, a lone one its sender, further ones nobody', () => {
  const rfc = { nat: behindNat, revision: 'rfc3947' } as const;
  const both = { initiator: '192.168.1.10', responder: '10.1.0.1' };
  expect(readNatOriginal(rfc, received(21, client, server), 'initiator')).toEqual(both);
  expect(readNatOriginal(rfc, received(21, client, server, server), 'responder')).toEqual(both);
  expect(readNatOriginal(rfc, received(21, client), 'initiator')).toEqual({ initiator: '192.168.1.10' });
  expect(readNatOriginal(rfc, received(21, server), 'responder')).toEqual({ responder: '10.1.0.1' });
  expect(readNatOriginal(rfc, [], 'initiator')).toBeUndefined();
});

test('payloads under the number of another revision, and addresses that are not IPv4, do not count', () => {
  for (const revision of everyRevision) {
    for (const number of [16, 21, 131]) {
      const taken = readNatOriginal({ nat: behindNat, revision }, received(number, client), 'initiator');
      const own = sent({ nat: behindNat, revision }, initiatorConfig)[0]?.startsWith(`${number} `) ?? false;
      expect(taken !== undefined).toBe(own);
    }
  }
  const rfc = { nat: behindNat, revision: 'rfc3947' } as const;
  expect(readNatOriginal(rfc, received(21, new Uint8Array(16)), 'initiator')).toBeUndefined();
  expect(
    readNatOriginal({ nat: undefined, revision: undefined }, received(21, client), 'initiator'),
  ).toBeUndefined();
});
