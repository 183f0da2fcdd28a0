import { test } from 'vitest';
import { type Cell, cell, cellId } from '../../../cell.ts';
import { expectAsRuled, playInMemory } from '../../../runner/embedded/testing/in-memory.ts';

const cells: readonly Cell[] = [
  ...['direct', 'hotel-nat', 'office-nat', 'both-nat', 'remote-office-nat'].map((topology) => cell(topology)),
  ...['1', '2', '3', '4', '4-3-2-1', '2-1'].map((p2) => cell('office-nat', { p2 })),
  ...['3des-sha1-modp1024', '3des-md5-modp1024', 'des-md5-modp768'].map((p1) => cell('office-nat', { p1 })),
  cell('office-nat', { p1: 'aes256-sha1-modp1024' }),
  cell('office-nat', { user: 'dialin2' }),
  cell('office-nat', { psk: 'wrong' }),
  cell('direct', { password: 'wrong' }),
  cell('office-nat', { nat: 'no-forwards' }),
  cell('office-nat', { nat: 'only-500' }),
  cell('office-nat', { rule: '0', reading: 'a' }),
  cell('office-nat', { rule: '0', reading: 'b' }),
  cell('office-nat', { rule: '1' }),
  cell('both-nat', { rule: '1' }),
  cell('hotel-nat', { rule: '0' }),
  cell('hotel-nat', { client: 'ts:plain' }),
  cell('both-nat', { client: 'ts:plain', rule: '0' }),
  cell('hotel-nat', { natt: 'off' }),
  cell('hotel-nat', { natt: 'client-off' }),
  cell('hotel-nat', { natt: 'responder-off' }),
  cell('direct', { natt: 'off' }),
  cell('office-nat', { natt: 'off' }),
  cell('direct', { ports: 'rport' }),
  cell('direct', { ports: 'rport', client: 'ts:plain' }),
  cell('direct', { ports: 'none' }),
  cell('office-nat', { client: 'ts:plain', rule: '0' }),
];

test.each(cells.map((one) => [cellId(one), one] as const))('%s', (_, played) => {
  expectAsRuled(played, playInMemory(played).clients);
});
