import { expect, test } from 'vitest';
import { addressOf, containsAddress, containsSubnet, isAligned, isHostAddress, overlaps } from './subnet.ts';

test('an address belongs to a subnet by its leading bits alone', () => {
  expect(containsAddress('192.168.1.0/24', '192.168.1.255')).toBe(true);
  expect(containsAddress('192.168.1.0/24', '192.168.2.0')).toBe(false);
  // 198.18.0.0/15 ends at 198.19.255.255 (RFC 2544, appendix C.2.2).
  expect(containsAddress('198.18.0.0/15', '198.19.255.255')).toBe(true);
  expect(containsAddress('198.18.0.0/15', '198.20.0.0')).toBe(false);
  expect(containsAddress('0.0.0.0/0', '255.255.255.255')).toBe(true);
});

test('a larger subnet is not inside a smaller one, but overlaps it', () => {
  expect(containsSubnet('172.16.0.0/12', '172.31.0.0/16')).toBe(true);
  expect(containsSubnet('172.16.0.0/12', '172.32.0.0/16')).toBe(false);
  expect(containsSubnet('10.0.0.0/24', '10.0.0.0/8')).toBe(false);
  expect(overlaps('10.0.0.0/24', '10.0.0.0/8')).toBe(true);
  expect(overlaps('10.0.0.0/24', '10.0.1.0/24')).toBe(false);
});

test('host bits show', () => {
  expect(isAligned('192.168.1.0/24')).toBe(true);
  expect(isAligned('192.168.1.10/24')).toBe(false);
  expect(addressOf('192.168.1.10/24')).toBe('192.168.1.10');
  expect(isHostAddress('192.168.1.0/24', '192.168.1.0')).toBe(false);
  expect(isHostAddress('192.168.1.0/24', '192.168.1.255')).toBe(false);
  expect(isHostAddress('192.168.1.0/24', '192.168.1.254')).toBe(true);
});
