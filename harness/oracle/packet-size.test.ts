import { expect, test } from 'vitest';
import { bulkPasses, offerIsOversized, outerOctets, oversizedIkePasses } from './packet-size.ts';
import { type Differences, exampleFacts } from './testing/example-facts.ts';

test.each([
  // IP 20, UDP 8, SPI and number 8, IV 8, 1420 octets filled up to 1424, ICV 12 (RFC 2451, 2404).
  ['3des-sha1', true, 1480],
  ['3des-sha1', false, 1472],
  // IV and blocks of 16 (RFC 3602), ICV 16 (RFC 4868).
  ['aes256-sha256', true, 20 + 8 + 8 + 16 + 1424 + 16],
  ['aes128gcm16', true, 20 + 8 + 8 + 8 + 1420 + 16],
  ['null-md5', true, 20 + 8 + 8 + 1420 + 12],
  ['aes128-sha512', true, 20 + 8 + 8 + 16 + 1424 + 32],
] as const)('1400 octets in %s, in UDP %s, make %i', (transform, isInUdp, octets) => {
  expect(outerOctets(1400, transform, isInUdp)).toBe(octets);
});

test('of a transform that nobody has described nothing is known', () => {
  expect(outerOctets(1400, 'blowfish-sha1', true)).toBeUndefined();
  expect(bulkPasses(exampleFacts())).toBeUndefined();
});

const lost = { narrowest: { mtu: 1400, tooBig: 'lost' } } as const;
const told = { narrowest: { mtu: 1400, tooBig: 'told' } } as const;
const ofMru = (mru: number): Pick<Differences, 'client' | 'responder'> => ({
  client: { mru },
  responder: { mru: 1500 },
});

test.each<[string, Differences, boolean]>([
  ['a way as wide as its ends', ofMru(1400), true],
  ['a narrow way that says so', { ...ofMru(1400), placement: told }, true],
  ['a narrow way that does not', { ...ofMru(1400), placement: lost }, false],
  [
    'that, and packets so large that their sender cuts them himself',
    { ...ofMru(1500), placement: lost },
    true,
  ],
  ['that, and packets that fit all the same', { ...ofMru(1300), placement: lost }, true],
  ['such, and a NAT that drops the parts', { ...ofMru(1500), placement: { dropsFragments: true } }, false],
  ['that NAT, and packets that fit', { ...ofMru(1400), placement: { dropsFragments: true } }, true],
  [
    'that NAT on a narrow way that says so',
    { ...ofMru(1400), placement: { ...told, dropsFragments: true } },
    false,
  ],
])('%s: bulk passes is %s', (_, differences, passes) => {
  expect(bulkPasses(exampleFacts(differences))).toBe(passes);
});

test('an offer of everything there is takes more than an Ethernet carries, one of a usual client does not', () => {
  const transforms = (count: number) => Array.from({ length: count }, () => '3des-sha1-modp1024');
  expect(offerIsOversized(transforms(36))).toBe(false);
  expect(offerIsOversized(transforms(200))).toBe(true);
});

test('parts of a message come through any NAT where both ends cut it themselves', () => {
  const placement = { dropsFragments: true } as const;
  const cuts = { fragmentsIke: true } as const;
  expect(oversizedIkePasses(exampleFacts({ placement }))).toBe(false);
  expect(oversizedIkePasses(exampleFacts({ placement, client: cuts }))).toBe(false);
  expect(oversizedIkePasses(exampleFacts({ placement, client: cuts, responder: cuts }))).toBe(true);
  expect(oversizedIkePasses(exampleFacts())).toBe(true);
});
