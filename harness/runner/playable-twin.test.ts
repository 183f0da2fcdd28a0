import { expect, test } from 'vitest';
import { type Cell, cell } from '../cell.ts';
import type { Expectation } from '../expectation.ts';
import { playableTwin } from './playable-twin.ts';

/** Peers that take no ports and no p2 of a cell's own; the rule table knows what p2 must lead to. */
const declined = ({ ports, p2 }: Cell) =>
  [ports === 'lport' ? '' : 'compares no ports', p2 === '1-2-3-4' ? '' : 'takes all transforms']
    .filter((why) => why !== '')
    .join('; ') || undefined;
const expecting = ({ p2, clients }: Cell): Expectation[] =>
  Array.from({ length: clients }, () => ({
    outcome: { kind: 'connect' },
    checks: p2 === '1-2-3-4' ? [] : [{ check: 'phase2-transform', transform: p2 }],
    rules: [],
    disputed: false,
  }));
const twinOf = (of: Cell) => playableTwin(of, { declined, expect: expecting });

test('a setting that nobody expects anything of leads to the cell without it', () => {
  expect(twinOf(cell('direct', { ports: 'rport', user: 'dialin2' }))).toEqual(
    cell('direct', { user: 'dialin2' }),
  );
});

test('a setting that something is expected of has no twin', () => {
  expect(twinOf(cell('direct', { p2: '1' }))).toBeUndefined();
  expect(twinOf(cell('direct', { p2: '1', ports: 'rport' }))).toBeUndefined();
});

test('of two settings without meaning both are left out', () => {
  const same = () => expecting(cell('direct'));
  const of = cell('direct', { p2: '1', ports: 'none' });
  expect(playableTwin(of, { declined, expect: same })).toEqual(cell('direct'));
});

test('fewer clients are no twin: less is expected of them', () => {
  const alone = ({ clients }: Cell) => (clients === 1 ? undefined : 'one client at a time');
  const of = cell('direct', { clients: 2 });
  expect(playableTwin(of, { declined: alone, expect: expecting })).toBeUndefined();
});

test('peers that decline whatever is asked have no twin', () => {
  expect(playableTwin(cell('direct'), { declined: () => 'no', expect: expecting })).toBeUndefined();
});

test('a twin asks for as little less as it can: one side without NAT-T, one transform fewer', () => {
  const same = () => expecting(cell('direct'));
  const noResponderOff = ({ natt }: Cell) => (['off', 'responder-off'].includes(natt) ? 'cannot' : undefined);
  const off = cell('direct', { natt: 'off' });
  expect(playableTwin(off, { declined: noResponderOff, expect: same })?.natt).toBe('client-off');
  const noSha512 = ({ p1 }: Cell) => (p1.includes('sha512') ? 'no sha512' : undefined);
  const listed = cell('direct', { p1: 'des-sha1-modp768+aes256-sha512-modp2048' });
  expect(playableTwin(listed, { declined: noSha512, expect: same })?.p1).toBe('des-sha1-modp768');
});
