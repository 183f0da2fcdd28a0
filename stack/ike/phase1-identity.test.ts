import { expect, test } from 'vitest';
import type { Identification } from '../isakmp/identification.ts';
import { fromHex } from '../octets.ts';
import type { NamedIdentity } from './config.ts';
import { unexpectedIdentity } from './phase1-identity.ts';

const ends = { local: { ip: '198.18.0.1', port: 500 }, peer: { ip: '198.18.0.2', port: 500 } };
const id = (idType: number, data: string): Identification => ({
  idType,
  protocolId: 0,
  port: 0,
  data: fromHex(data),
});
const ownAddress = id(1, 'c6120002');
const otherAddress = id(1, 'c6120003');
const laptop = id(2, '6c6170746f70');
const behindNat = { localBehindNat: false, peerBehindNat: true, encapsulates: true };

const flaw = (
  expectedPeerIdentity: 'any' | 'peer-address' | readonly NamedIdentity[],
  identification: Identification,
  nat = { ...behindNat, peerBehindNat: false },
) => unexpectedIdentity({ expectedPeerIdentity }, ends, nat, identification);

test('the address that a peer sends from is its identity where that is asked for (rule NAT-6)', () => {
  expect(flaw('peer-address', ownAddress)).toBeUndefined();
  expect(flaw('peer-address', otherAddress)).toBe(
    'the peer names itself 198.18.0.3 and sends from 198.18.0.2',
  );
  expect(flaw('peer-address', laptop)).toBe('the peer names itself laptop and sends from 198.18.0.2');
  expect(flaw('peer-address', otherAddress, behindNat)).toBeUndefined();
  expect(flaw('peer-address', laptop, behindNat)).toBeUndefined();
});

test('of a list of identities the peer must name one, type and octets', () => {
  const list: NamedIdentity[] = [
    { type: 'fqdn', name: 'laptop' },
    { type: 'key-id', id: 'ff00' },
    { type: 'user-fqdn', name: 'laptop' },
    { type: 'ipv4', address: '198.18.0.3' },
  ];
  for (const known of [laptop, id(11, 'ff00'), id(3, '6c6170746f70'), otherAddress]) {
    expect(flaw(list, known)).toBeUndefined();
  }
  for (const unknown of [ownAddress, id(11, '6c6170746f70'), id(2, '6c61'), id(11, 'ff')]) {
    expect(flaw(list, unknown)).toContain('nobody of that name is expected');
  }
  expect(flaw([], laptop, behindNat)).toContain('nobody of that name is expected');
});

test('protocol and port of an identity in phase 1 are those of IKE, or nothing (RFC 2407 4.6.2)', () => {
  const named = (protocolId: number, port: number) => flaw('any', { ...laptop, protocolId, port });
  for (const port of [0, 500, 4500]) expect(named(17, port)).toBeUndefined();
  expect(named(0, 0)).toBeUndefined();
  expect(named(17, 1701)).toBe('the peer names itself for protocol 17, port 1701');
  for (const [protocolId, port] of [
    [0, 500],
    [6, 500],
    [6, 0],
    [255, 0],
  ] as const) {
    expect(named(protocolId, port)).toContain('for protocol');
  }
});

test('an identity that names no single end is refused by everybody (RFC 2407 4.6.2.1)', () => {
  // A subnet, a range, an IPv6 subnet, types that nobody assigned, an address of three octets, an empty name.
  for (const odd of [
    id(4, 'c6120002ffffff00'),
    id(7, 'c6120002c6120003'),
    id(6, '00'.repeat(32)),
    id(0, 'c6120002'),
    id(200, 'c6120002'),
    id(1, 'c61200'),
    id(2, ''),
  ]) {
    for (const expected of ['any', 'peer-address'] as const) {
      expect(flaw(expected, odd, behindNat)).toContain('names no single end');
    }
  }
  for (const [type, data] of [
    [1, 'c6120009'],
    [2, '61'],
    [3, '614062'],
    [5, '00'.repeat(16)],
    [9, '3000'],
    [11, '01'],
  ] as const) {
    expect(flaw('any', id(type, data))).toBeUndefined();
  }
});
