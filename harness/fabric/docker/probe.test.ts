import { expect, test } from 'vitest';
import { lacksOf, readProbes } from './probe.ts';

const allIsWell = {
  'entering a foreign namespace': 'ok',
  bridge: 'ok',
  veth: 'ok',
  'veth offloads': 'ok',
  capture: 'ok',
  'iptables-nft': 'ok',
  'iptables-legacy': 'ok',
  'conntrack flush': 'ok',
  tun: 'ok',
  'free disk (MiB)': '4096',
};

test('what was tried and failed is lacking, with what was said and what to type', () => {
  expect(lacksOf(allIsWell)).toEqual([]);
  expect(lacksOf({ ...allIsWell, tun: 'open: No such file or directory' })).toEqual([
    { what: 'tun: open: No such file or directory', remedy: expect.stringContaining('modprobe tun') },
  ]);
});

test('one flavour of iptables is enough, none is not', () => {
  expect(lacksOf({ ...allIsWell, 'iptables-nft': 'Operation not supported' })).toEqual([]);
  const neither = lacksOf({ ...allIsWell, 'iptables-nft': 'no nft', 'iptables-legacy': 'no table' });
  expect(neither.map(({ what }) => what)).toEqual(['iptables: no nft; no table']);
});

test('what was not tried is not taken as given', () => {
  const { capture: _, ...rest } = allIsWell;
  expect(lacksOf(rest).map(({ what }) => what)).toEqual(['capture: not tried']);
});

test('a disk that is nearly full is lacking', () => {
  expect(lacksOf({ ...allIsWell, 'free disk (MiB)': '300' })[0]?.what).toContain('300 MiB are free');
});

test('reads what the probes printed, colons and all', () => {
  expect(readProbes('veth: ok\nbridge: ip: error: no\n\n')).toEqual({ veth: 'ok', bridge: 'ip: error: no' });
});
