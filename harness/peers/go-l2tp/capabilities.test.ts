import { expect, test } from 'vitest';
import { type Cell, cell } from '../../cell.ts';
import { unsupported } from './capabilities.ts';

const why = (values: Partial<Cell>) =>
  unsupported(cell('hotel-nat', { client: 'go-l2tp', ...values }), 'client');

test('plays a client toward whoever tells what became of a call', () => {
  for (const responder of ['ts:alliedware', 'strongswan', 'libreswan'])
    expect(why({ responder })).toBeUndefined();
  expect(why({ clients: 2, sourceport: 'distinct' })).toBeUndefined();
  expect(why({ responder: 'softether' })).toMatch(/SoftEther logs nothing of a session/);
});

test('answers no calls', () => {
  const of = cell('direct', { responder: 'go-l2tp' });
  expect(unsupported(of, 'responder')).toMatch(/kl2tpd answers no calls/);
});

test('has no profiles, and is asked by its own name', () => {
  expect(why({ client: 'go-l2tp:fast' })).toBe('go-l2tp has no profile "fast"');
});

test.each([
  { natt: 'client-off' },
  { natt: 'off' },
  { rule: '0' },
  { reading: 'a' },
  { impair: 'loss' },
] as const)('cannot do what strongSwan cannot: %j', (values) => expect(why(values)).toMatch(/\(.+\)$/));
