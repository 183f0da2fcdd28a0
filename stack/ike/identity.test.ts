import { expect, test } from 'vitest';
import { fromHex } from '../octets.ts';
import { identifiedAddress, identityText, phase1Identification } from './identity.ts';

test('an end names its address or its name (RFC 2407 4.6.2)', () => {
  const address = { idType: 1, protocolId: 0, port: 0, data: Uint8Array.of(10, 0, 0, 1) };
  expect(phase1Identification({ type: 'local-address' }, '10.0.0.1')).toEqual(address);
  expect(phase1Identification({ type: 'ipv4', address: '10.0.0.1' }, '10.0.0.2')).toEqual(address);
  const name = phase1Identification({ type: 'fqdn', name: 'laptop' }, '10.0.0.1');
  expect(name).toEqual({ idType: 2, protocolId: 0, port: 0, data: fromHex('6c6170746f70') });
  const user = phase1Identification({ type: 'user-fqdn', name: 'a@b' }, '10.0.0.1');
  expect(user).toEqual({ idType: 3, protocolId: 0, port: 0, data: fromHex('614062') });
  const key = phase1Identification({ type: 'key-id', id: 'ff00' }, '10.0.0.1');
  expect(key).toEqual({ idType: 11, protocolId: 0, port: 0, data: fromHex('ff00') });
});

test('a host may also be a subnet of one address; nothing else names an address', () => {
  const id = (idType: number, data: string) => ({ idType, protocolId: 17, port: 1701, data: fromHex(data) });
  expect(identifiedAddress(id(1, '0a000001'))).toBe('10.0.0.1');
  expect(identifiedAddress(id(4, '0a000001ffffffff'))).toBe('10.0.0.1');
  expect(identifiedAddress(id(4, '0a000000ffffff00'))).toBeUndefined();
  expect(identifiedAddress(id(1, '0a0000'))).toBeUndefined();
  expect(identifiedAddress(id(2, '0a000001'))).toBeUndefined();
});

test('identities are told in plain words, whatever octets a peer sends', () => {
  const id = (idType: number, data: string) => ({ idType, protocolId: 0, port: 0, data: fromHex(data) });
  expect(identityText(id(1, '0a000001'))).toBe('10.0.0.1');
  expect(identityText(id(2, '6c6170746f70'))).toBe('laptop');
  expect(identityText(id(2, '1b5b33316d'))).toBe('ID type 2, 1b5b33316d');
  expect(identityText(id(11, 'ff00'))).toBe('ID type 11, ff00');
});
