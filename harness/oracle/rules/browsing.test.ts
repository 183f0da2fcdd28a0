import { expect, test } from 'vitest';
import { outcomeText } from '../../expectation.ts';
import { expectationFor } from '../oracle.ts';
import { type Differences, exampleFacts } from '../testing/example-facts.ts';
import { browsing, script } from '../testing/example-parts.ts';

/* Rules TRAF-1 and TRAF-2 by the AlliedWare How-To and "VPN Setup with L2TP & IPSEC": what a host on the Internet sees. */

function browse(differences: Differences) {
  const { outcome, checks, rules } = expectationFor(exampleFacts({ placement: browsing, ...differences }));
  const from = checks.flatMap((check) => (check.check === 'browses-from' ? [check.address] : []));
  const ids = rules.map(({ id }) => id).filter((id) => id.startsWith('TRAF'));
  return [outcomeText(outcome), ...from, ...ids];
}

const all = { sendsAllIntoTunnel: true };
const officeOnly = { sendsAllIntoTunnel: false };
const stop = 'stop at traffic: not-translated';

test('through the tunnel a client comes from the office, where the router translates', () => {
  expect(browse({ client: all, responder: script({}) })).toEqual([
    'connect',
    '198.18.2.10',
    'TRAF-1',
    'TRAF-2',
  ]);
  expect(browse({ client: all, responder: { translatesUsers: true } }).slice(0, 2)).toEqual([
    'connect',
    '198.18.2.10',
  ]);
  expect(browse({ client: all, responder: script({ translatesUsers: false }) })).toEqual([stop, 'TRAF-1']);
  // Nothing is said of a translation by who has no script.
  expect(browse({ client: all })).toEqual([stop, 'TRAF-1']);
});

test('beside the tunnel it comes from where it stands, whatever the router does', () => {
  const beside = ['connect', '198.18.1.10', 'TRAF-2'];
  expect(browse({ client: officeOnly, responder: script({}) })).toEqual(beside);
  expect(browse({ client: officeOnly, responder: script({ translatesUsers: false }) })).toEqual(beside);
});

test('a cell that does not browse is asked for neither', () => {
  expect(browse({ placement: {}, client: all })).toEqual(['connect', 'TRAF-2']);
});
