import { expect, test } from 'vitest';
import { outcomeText } from '../../expectation.ts';
import { exampleFacts } from '../testing/example-facts.ts';
import { pppRules } from './ppp.ts';

/* Rules PPP-2 and PPP-3 by the AlliedWare How-To: addresses of the pool go to one client each, those of the user database to their users. */

const users = [
  { name: 'dialin1', address: '192.168.8.50' },
  { name: 'dialin2' },
  { name: 'dialin3' },
  { name: 'dialin4' },
];

function told(last: string, user: string, before: readonly string[]) {
  const facts = exampleFacts({
    responder: { users, pool: { first: '192.168.8.50', last } },
    credentials: { user, before },
    clients: 3,
    place: before.length,
  });
  const speaking = pppRules.filter(({ id, when }) => ['PPP-2', 'PPP-3'].includes(id) && when(facts));
  return speaking.map(({ id, outcome }) => {
    const said = typeof outcome === 'function' ? outcome(facts) : outcome;
    return `${id} ${said ? outcomeText(said) : ''}`;
  });
}

test('a pool lasts for as many as it has addresses that are in no user database, whoever dials after them', () => {
  expect(told('192.168.8.51', 'dialin2', [])).toEqual(['PPP-2 connect']);
  expect(told('192.168.8.51', 'dialin3', ['dialin2'])).toEqual(['PPP-3 stop at ppp-ipcp: pool-exhausted']);
  expect(told('192.168.8.52', 'dialin3', ['dialin2'])).toEqual(['PPP-2 connect']);
  expect(told('192.168.8.52', 'dialin4', ['dialin2', 'dialin3'])).toEqual([
    'PPP-3 stop at ppp-ipcp: pool-exhausted',
  ]);
});

test('a user with an address of his own takes none from the pool', () => {
  expect(told('192.168.8.51', 'dialin2', ['dialin1'])).toEqual(['PPP-2 connect']);
  expect(told('192.168.8.51', 'dialin1', ['dialin2'])).toEqual([]);
});
