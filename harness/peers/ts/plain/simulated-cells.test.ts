import { expect, test } from 'vitest';
import { type Cell, cell, cellId } from '../../../cell.ts';
import { expectAsRuled, playInMemory } from '../../../runner/embedded/testing/in-memory.ts';

const responder = 'ts:plain';
const plain = (topology: string, values: Partial<Cell> = {}) => cell(topology, { responder, ...values });
const neutral = (topology: string, values: Partial<Cell> = {}) =>
  plain(topology, { client: 'ts:plain', ...values });

const cells: readonly Cell[] = [
  ...['direct', 'hotel-nat', 'office-nat', 'both-nat', 'remote-office-nat'].flatMap((topology) => [
    plain(topology),
    neutral(topology),
  ]),
  ...['1', '2', '3', '4', '4-3-2-1', '2-1'].map((p2) => neutral('hotel-nat', { p2 })),
  ...[
    'aes256-sha256-modp2048',
    'des-md5-modp768',
    '3des-sha1-modp1024+aes128-sha1-modp2048',
    'des-sha1-modp768+3des-md5-modp1024',
    // Nothing that the client offers.
    'aes192-sha256-modp2048',
  ].map((p1) => neutral('office-nat', { p1 })),
  neutral('office-nat', { user: 'dialin2' }),
  neutral('both-nat', { psk: 'wrong' }),
  neutral('direct', { password: 'wrong' }),
  plain('direct', { password: 'wrong' }),
  neutral('office-nat', { nat: 'no-forwards' }),
  neutral('office-nat', { nat: 'only-500' }),
  plain('office-nat', { rule: '0', reading: 'a' }),
  plain('both-nat', { rule: '1', reading: 'b' }),
  neutral('direct', { natt: 'off' }),
  // Without NAT-T quick mode is for an address that its packets do not come from (rule NAT-16).
  neutral('hotel-nat', { natt: 'off' }),
  neutral('hotel-nat', { natt: 'client-off' }),
  neutral('office-nat', { natt: 'responder-off' }),
];

const play = (played: Cell) => playInMemory(played).clients;

test.each(cells.map((one) => [cellId(one), one] as const))('%s', (_, played) => {
  expectAsRuled(played, play(played));
});

test('a responder that does something else than the rule table says is seen', () => {
  const ends = play(neutral('hotel-nat', { p2: '4' }));
  expect(() => expectAsRuled(neutral('hotel-nat', { p2: '1' }), ends)).toThrow(/3des-sha1/);
  expect(() => expectAsRuled(neutral('hotel-nat', { psk: 'wrong' }), ends)).toThrow(/auth-failed/);
});
