import { expect, test } from 'vitest';
import { blockClearL2tp, missingBlocks } from './clear-l2tp.ts';

// As iproute2 6.1 prints them, beside the policy of an SA.
const block = (direction: string, port: string, priority = 4_000_000_000) =>
  `src 0.0.0.0/0 dst 0.0.0.0/0 proto udp ${port} 1701 \n\tdir ${direction} action block priority ${priority} ptype main \n`;
const ofSa =
  'src 192.168.1.10/32 dst 198.18.2.10/32 proto udp sport 1701 dport 1701 \n\tdir out priority 366847 ptype main \n\ttmpl src 0.0.0.0 dst 0.0.0.0\n\t\tproto esp spi 0xca7a4fd9 reqid 1 mode transport\n';
const socket = 'src 0.0.0.0/0 dst 0.0.0.0/0 \n\tsocket in priority 0 ptype main \n';
const whole = [block('in', 'sport'), block('in', 'dport'), block('out', 'sport'), block('out', 'dport')];

test('blocks the port at either end, in and out', () => {
  const lines = blockClearL2tp().split('\n');
  expect(lines).toHaveLength(4);
  for (const direction of ['in', 'out']) {
    for (const port of ['sport', 'dport']) {
      const line = `ip xfrm policy update src 0.0.0.0/0 dst 0.0.0.0/0 proto udp ${port} 1701 dir ${direction} action block priority 4000000000`;
      expect(lines).toContain(line);
    }
  }
});

test('a whole block is found among other policies', () => {
  expect(missingBlocks([ofSa, socket, ...whole].join(''))).toEqual([]);
});

test('says what is open', () => {
  expect(missingBlocks(ofSa + socket)).toHaveLength(4);
  expect(missingBlocks(whole.slice(1).join(''))).toEqual(['no block of UDP sport 1701 in']);
  // One that is above an SA's policy would block what IPsec protects; one of another port blocks nothing.
  expect(missingBlocks([block('in', 'sport', 100), ...whole.slice(1)].join(''))).toHaveLength(1);
  expect(missingBlocks(whole.join('').replaceAll('1701', '17011'))).toHaveLength(4);
});
