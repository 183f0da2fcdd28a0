import { expect, test } from 'vitest';
import { cell } from '../../cell.ts';
import { loadTopology } from '../../topologies.ts';
import { exampleSettings } from '../testing/settings.ts';
import { kl2tpd } from './kl2tpd.ts';

const topology = loadTopology('hotel-nat');

function tunnel(changed: object = {}): string {
  const settings = { ...exampleSettings('198.18.2.10'), ...changed };
  const plan = { role: 'client', cell: cell('hotel-nat'), settings, topology, nodeName: 'client' } as const;
  return kl2tpd.files(plan).map(({ text }) => text)[0] ?? '';
}

test('calls the address of the cell, from the port of this client', () => {
  expect(tunnel()).toContain('peer = "198.18.2.10:1701"\nlocal = "0.0.0.0:1701"\nversion = "l2tpv2"\n');
  expect(tunnel({ l2tpPort: 17012 })).toContain('local = "0.0.0.0:17012"\n');
});

test('sends again as fast as the cell says, in whole milliseconds and never at once', () => {
  expect(tunnel()).toContain('retry_timeout = 1000\n');
  expect(tunnel({ timerFactor: 0.25 })).toContain('retry_timeout = 250\n');
  expect(tunnel({ timerFactor: 0.0001 })).toContain('retry_timeout = 1\n');
});

test('knows neither user nor password: it speaks no PPP', () => {
  expect(tunnel()).not.toMatch(/dialin1|friend1|abc123|pppd_args/);
});

test('waits for the order to dial, and then has no data plane', () => {
  const script = kl2tpd.command.join(' ');
  expect('waiting for the order to dial').toMatch(kl2tpd.running);
  expect(script.indexOf('kl2tpd -null')).toBeGreaterThan(script.indexOf('read -r order'));
});
