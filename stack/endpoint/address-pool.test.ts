import { expect, test } from 'vitest';
import { AddressPool } from './address-pool.ts';

const own = '192.168.2.1';
const users = [
  { name: 'dialin1', password: 'friend1', address: '192.168.8.50' },
  { name: 'dialin2', password: 'friend2' },
  { name: 'dialin4', password: 'friend4' },
];

test('a user with an address of his own gets it, though a pool exists (rule PPP-1)', () => {
  const pool = new AddressPool(users, { first: '192.168.8.1', last: '192.168.8.254' }, own);
  expect(pool.allocate('dialin1')).toBe('192.168.8.50');
});

test('users without one get the lowest free address of the pool (rule PPP-2)', () => {
  const pool = new AddressPool(users, { first: '192.168.8.254', last: '192.168.9.1' }, own);
  expect(pool.allocate('dialin2')).toBe('192.168.8.254');
  expect(pool.allocate('dialin4')).toBe('192.168.8.255');
});

test('an address that belongs to a user is never given to another', () => {
  const pool = new AddressPool(users, { first: '192.168.8.50', last: '192.168.8.51' }, own);
  expect(pool.allocate('dialin2')).toBe('192.168.8.51');
  expect(pool.allocate('dialin4')).toBeUndefined();
});

test('an address comes back with its release, and only then', () => {
  const pool = new AddressPool(users, { first: '192.168.8.1', last: '192.168.8.1' }, own);
  expect(pool.allocate('dialin2')).toBe('192.168.8.1');
  expect(pool.allocate('dialin4')).toBeUndefined();
  pool.release('192.168.8.1');
  expect(pool.allocate('dialin4')).toBe('192.168.8.1');
  expect(pool.taken).toBe(1);
});

test('without a pool only users with their own address get one', () => {
  const pool = new AddressPool(users, undefined, own);
  expect(pool.allocate('dialin2')).toBeUndefined();
  expect(pool.allocate('dialin1')).toBe('192.168.8.50');
});

// Rule PPP-2's pool of the How-To begins at .1, the usual address of a router in its subnet.
test("the responder's own address is never given out, wherever it lies in the pool", () => {
  const pool = new AddressPool(users, { first: '192.168.2.1', last: '192.168.2.2' }, own);
  expect(pool.allocate('dialin2')).toBe('192.168.2.2');
  expect(pool.allocate('dialin4')).toBeUndefined();
  expect(pool.taken).toBe(1);
});
