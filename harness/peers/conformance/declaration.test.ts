import { expect, test } from 'vitest';
import type { PeerDriver } from '../peer.ts';
import { peers } from '../registry.ts';
import { strongswanDriver } from '../strongswan/driver.ts';
import { declarationFindings } from './testing/declaration.ts';
import { oppositionOf } from './testing/opposite.ts';

const findingsOf = (driver: PeerDriver) =>
  declarationFindings(driver).map(({ rule, found }) => `${rule}: ${found}`);

test.each([...peers.values()])('$name declares what it is and what it cannot play', (driver) => {
  expect(findingsOf(driver)).toEqual([]);
});

test.each<readonly [string, Partial<PeerDriver>, string]>([
  ['has no image', { image: 'no-such-image@trixie' }, 'image: there is no images/no-such-image/Dockerfile'],
  ['has no role', { roles: [] }, 'playable: it has no role'],
  [
    'plays everything',
    { unsupported: () => undefined },
    'refusals: it takes an impairment that nobody has heard of for supported',
  ],
  [
    'plays a role that it does not have',
    { roles: ['responder'], unsupported: () => undefined },
    'refusals: it takes the role of a client for supported',
  ],
  [
    'says no in a word',
    { unsupported: () => 'unsupported' },
    'refusals: of a profile that it does not have it says no more than "unsupported"',
  ],
  [
    'plays nothing',
    { unsupported: () => 'it plays nothing at all' },
    'playable: as a client it comes beyond IPsec with no peer of the registry',
  ],
  [
    'is in no table of facts',
    { name: 'newcomer' },
    'playable: asking what must happen in a cell: nothing is declared of the client newcomer. ',
  ],
])('says no to a peer that %s', (_, changed, finding) => {
  const findings = findingsOf({ ...strongswanDriver, ...changed });
  expect(findings).toContainEqual(expect.stringContaining(finding));
});

test('opposite stands our stack, in a profile with which the two have algorithms in common', () => {
  const opposite = (name: string) => {
    const driver = peers.get(name);
    return driver && oppositionOf(driver, 'client')?.cell.responder;
  };
  expect(opposite('strongswan')).toBe('ts:alliedware');
  // SET ISAKMP POLICY has groups 0 to 2; libreswan lists none below 5 (modp1536).
  expect(opposite('libreswan')).toBe('ts:plain');
});
