import { expect, test } from 'vitest';
import type { z } from 'zod';
import {
  addressRange,
  choice,
  interfaceName,
  ipv4,
  mask,
  number,
  onOff,
  peerAddress,
  portOrAny,
  seconds,
} from './value.ts';

const read = (kind: z.ZodType<unknown, string>, text: string) => {
  const result = kind.safeParse(text);
  return result.success ? result.data : result.error.issues[0]?.message;
};

test('numbers keep to their range', () => {
  expect(read(number(0, 255), '255')).toBe(255);
  for (const bad of ['256', '-1', '1x', '', '99999999999']) {
    expect(read(number(0, 255), bad), bad).toBe('expects a number from 0 to 255');
  }
});

test('words may be abbreviated while they stay unique', () => {
  expect(read(choice('ah', 'esp'), 'E')).toBe('esp');
  expect(read(choice('aes128', 'aes192'), 'aes1')).toBe('expects one of aes128, aes192');
  expect([read(onOff, 'TRUE'), read(onOff, 'off'), read(onOff, 'y')]).toEqual([true, false, true]);
});

test('on stands for the default of its command, off for none', () => {
  expect([read(seconds(10), 'on'), read(seconds(10), 'off'), read(seconds(10), '30')]).toEqual([10, 0, 30]);
  expect(read(seconds(10), 'soon')).toBe('expects on, off or seconds');
});

test('addresses, masks and ranges', () => {
  expect(read(ipv4, '192.168.8.50')).toBe('192.168.8.50');
  for (const bad of ['192.168.8', '192.168.8.256', 'a.b.c.d', '1.2.3.4.5', '']) {
    expect(read(ipv4, bad), bad).toBe('expects an IPv4 address');
  }
  expect([read(mask, '255.255.255.0'), read(mask, '0.0.0.0'), read(mask, '255.255.255.255')]).toEqual([
    24, 0, 32,
  ]);
  expect(read(mask, '255.0.255.0')).toBe('expects a network mask');
  expect(read(addressRange, '1.1.1.1-255.255.255.254')).toEqual({
    first: '1.1.1.1',
    last: '255.255.255.254',
  });
  expect(read(addressRange, '10.0.0.1')).toEqual({ first: '10.0.0.1', last: '10.0.0.1' });
  for (const bad of ['10.0.0.2-10.0.0.1', '10.0.0.1-', '10.0.0.1-10.0.0.2-10.0.0.3']) {
    expect(read(addressRange, bad), bad).toMatch(/^expects an address/);
  }
});

test('peers, ports and interfaces', () => {
  expect([read(peerAddress, 'ANY'), read(peerAddress, '198.18.1.10')]).toEqual(['any', '198.18.1.10']);
  expect([read(portOrAny, '1701'), read(portOrAny, 'any')]).toEqual([1701, 'any']);
  expect(read(portOrAny, '70000')).toMatch(/^expects any or a port/);
  expect([read(interfaceName, 'eth0'), read(interfaceName, 'dyn-dynamic')]).toEqual(['eth0', 'dyn-dynamic']);
  expect(read(interfaceName, 'etho')).toMatch(/^expects an interface/);
});
