import { expect, test } from 'vitest';
import { fabricProbe } from './fabric-probe.ts';
import type { Report } from './host.ts';

const report = (name: string, outcome: Report['outcome']): Report => ({
  probe: { name, does: 'looks', run: () => Promise.reject(new Error('already run')) },
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
