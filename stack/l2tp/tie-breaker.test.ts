import { expect, test } from 'vitest';
import { fromHex } from '../octets.ts';
import { stayingTunnel } from './tie-breaker.ts';

const low = fromHex('00000000000000ff');
const high = fromHex('0100000000000000');

test.each([
  ['the lower value wins', low, high, 'own'],
  ['the higher value loses', high, low, 'peers'],
  ['equal values lose both', low, fromHex('00000000000000ff'), 'none'],
  ['a value wins over none', high, undefined, 'own'],
  ['none loses to a value', undefined, high, 'peers'],
  ['without values both stay', undefined, undefined, 'both'],
])('%s (RFC 2661 4.4.3)', (_what, own, peers, stays) => {
  expect(stayingTunnel(own, peers)).toBe(stays);
});
