import { expect, test } from 'vitest';
import { cell } from '../../cell.ts';
import { unsupported } from './capabilities.ts';

const hotel = (values: Parameters<typeof cell>[1] = {}) =>
  cell('hotel-nat', { responder: 'softether', ...values });

test.each([
  {},
  { psk: 'wrong' as const },
  { password: 'wrong' as const },
  { rule: '0' as const },
  { user: 'dialin2' },
  { clients: 2 },
  { clients: 2, sourceport: 'distinct' as const },
])('plays %j as a responder', (values) => {
  expect(unsupported(hotel(values), 'responder')).toBeUndefined();
});

test.each([
  [{ p1: '3des-sha1-modp1024' }, 'phase 1 transforms'],
  [{ p2: '1' }, 'phase 2 transforms'],
  [{ natt: 'off' as const }, 'does nothing without NAT-T'],
  [{ natt: 'client-off' as const }, 'does nothing without NAT-T'],
  [{ natt: 'responder-off' as const }, 'does nothing without NAT-T'],
  [{ ports: 'rport' as const }, 'compares no ports'],
  [{ impair: 'loss' }, 'there is no impairment'],
])('does not play %j, and says why with its source', (values, why) => {
  expect(unsupported(hotel(values), 'responder')).toMatch(new RegExp(`${why}.* \\(.+\\)$`));
});

test('has no profiles', () => {
  expect(unsupported(hotel({ responder: 'softether:fast' }), 'responder')).toBe(
    'SoftEther has no profile "fast"',
  );
});

test('is no client', () => {
  expect(unsupported(hotel(), 'client')).toContain('responder only');
});
