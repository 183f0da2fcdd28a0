import { expect, test } from 'vitest';
import { fabricProbe } from './fabric-probe.ts';
import type { Report } from './host.ts';
import type { Probe } from './probe.ts';

const report = (name: string, outcome: Report['outcome'], more: Partial<Probe> = {}): Report => ({
  probe: { name, does: 'looks', run: () => Promise.reject(new Error('already run')), ...more },
  outcome,
});

test('what was found becomes a fact, what is lost a lack with its remedy', () => {
  const reports = [
    report('engine', { ok: true, fact: 'Docker 20.10.24' }),
    report('tun', { ok: false, lost: 'no /dev/net/tun', remedy: 'modprobe tun' }),
    report('clock', { ok: undefined, since: 'tun' }),
  ];
  expect(fabricProbe(reports)).toEqual({
    fabric: 'docker',
    facts: { engine: 'Docker 20.10.24' },
    lacks: [{ what: 'tun: no /dev/net/tun', remedy: 'modprobe tun' }],
  });
});

test('what only some peers need takes no cell from the others', () => {
  const lost = { ok: false, lost: 'Linux peers: no ESP', remedy: 'modprobe esp4' } as const;
  expect(fabricProbe([report('kernel', lost, { forSomePeers: true })])).toEqual({
    fabric: 'docker',
    facts: { kernel: 'lost: Linux peers: no ESP' },
    lacks: [],
  });
});
