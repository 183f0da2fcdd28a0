import { expect, test } from 'vitest';
import { netfilterFile } from './connmark.ts';

const marked = netfilterFile(true).text.split('\n');
const plain = netfilterFile(false).text.split('\n');

test('L2TP in clear is never let out: what drops it stands before the policies that block it go', () => {
  const drops = marked.flatMap((line, at) => (/-A OUTPUT .*--pol none -j DROP$/.test(line) ? [at] : []));
  const opens = marked.flatMap((line, at) => (/^ip xfrm policy delete .* dir out$/.test(line) ? [at] : []));
  expect([drops.length, opens.length]).toEqual([2, 2]);
  expect(Math.max(...drops)).toBeLessThan(Math.min(...opens));
  for (const port of ['sport', 'dport']) {
    expect(drops.some((at) => marked[at]?.includes(`--${port} 1701 `))).toBe(true);
    expect(opens.some((at) => marked[at]?.includes(`proto udp ${port} 1701 `))).toBe(true);
  }
  // The first line that fails ends it, and with it the configuration.
  expect(marked[0]).toBe('#!/bin/sh -e');
});

test('without marks the rules of an earlier cell go, and nothing else', () => {
  expect(plain.join('\n')).toContain('iptables-legacy -t $table -F');
  expect(plain.join('\n')).not.toMatch(/-A |xfrm/);
  expect(marked.slice(0, plain.length)).toEqual(plain);
});
