import { expect, test } from 'vitest';
import { fromHex, hex } from '../octets.ts';
import type { ModpGroup } from './config.ts';
import { generateKeyPair, groupNumbers, knownGroup, publicValue, sharedSecret } from './diffie-hellman.ts';
import { modpGroups } from './modp-groups.ts';

const modp: ModpGroup[] = [1, 2, 5, 14, 15, 16];

/**
 * Secrets and values printed by a running Openswan (tests/unit/libpluto, seam_gi_sha1.c and seam_gi_3des_md5.c).
 * The public value of the first file is not of its secret, and is left out.
 */
const openswan = {
  5: {
    secret: '179bb322a6abcdef014e4103f2f62e93fb07d4938457e4541e6446a93437c49d',
    peerValue:
      'cd30df6ec0854412530180d87e1afbb326793e9956c86a962553c277ad5bab50' +
      'f8325ad8640b0efea51d6c831fa17cfb0f2e1af4b166a0fe307512ad0f81abb8' +
      'aafb6848ec10a4976c3db117ece1e661dbbf480c282e3f1107c18642801ee83f' +
      '9e4ab9ab636f237daaf6a7aad822993ea41ea331ee27820b93f50b8f3f710561' +
      'c925702697ba6b1e953c21fbc9a77d2b5f873cfc5099e77d484cdd52664bcf0d' +
      'bf00cafdae6de7146d1135f65d935f60b9730fe0492c2af8c904f64c5916909d',
    shared:
      '607662710c76fe274f6f7c9f68cfcfe0a75644cba1922ab9c9c2160ea780d071' +
      '5006871085f0803058c42ec9d6ae4f5341b62b7c668d9fba20155a7c2360e622' +
      '0355a0803bc911a56fc7300dd7f66b01c488ab8f791ad2cc588d28c0c078fa61' +
      '21d5881b3ae9b4a7d8c9a658606e0a2a5e9c5f9ec2b50b63d7afbb80f4a48337' +
      'cedef5aa6fa1a0f3afc32147192c7fba7e279f00288121cb3de7f1d976fdf16c' +
      '9928db959238f783a4fd38757e552ce92ddbd6f50c1d35af7734fc85cb30b809',
  },
  14: {
    secret: 'e7a6916a99f72a2424acbada5ccd573eae01cd21498d1624fba74172a077bfa3',
    publicValue:
      'bfdaeaa086559fdfbfbb5e42b9a61818abca13b4cf6a9277446c57461c07a086' +
      '44e09c5f98417c4a3bab6c35565a63cc0b2e40971618bfc0835557cc9404cd6b' +
      'a2f2b9a63b9b0dfd737f9104062886f9cb0b8a6514a0f5b2ed6b231f7ddf9028' +
      'b80f2895fb0022c9e38fb9dfb87c66bc751bc861bab59317d6df8726d34d2d0a' +
      'a480e451fd38fa42cab5f52d9080bea49c0817b6aba9494cf7455350cb49f8b4' +
      '4450869137f75cb04ace961ffc2aa516e945e4f2e5f0c981c1666855edc93b62' +
      '27a9340e01a854637f992fea6d3a214c3272bfbb85df2b8ecca0403e9616fa03' +
      '967fcdd7d011d0178996cd0125d33dddd25e2cbd2e3ae497b633a35c4101ed8e',
    peerValue:
      '259a4e998dacd97b7dad9b2abd380400f771324cb0955e5cc10be29280c39fb5' +
      '309bf38951965b75c65b851a8ff32d6ab1b966fec52ea9f49ee234c3d9dd4717' +
      '1890fdce66bd6ce4438a74491c72979fd77486b1827e9f17825e06bad2fd717e' +
      '73104b8b5214002648d2592e1c893cbbe7e0124acb9bb40645cadf18ca11f328' +
      '6835099f16e51433ffa85c28ab174b293b5632c753ad99619c56f850252134ab' +
      '2db8f0ecf923ae8cb5244de0e63e29d42edab19c6c3b1f0bbfaebe6d0f58c37a' +
      '95be9b9f8ae70738a654e93280638c60b3ed8b5927d3037d4604054c6dd1263c' +
      '4e09ea63e07a6a7aa63dedac398cbf1fde9cd909d2a163e128125a1831fb82ee',
    shared:
      '1d64a9c98b7f70f40a9f8d2d2aa36cf458adcb718a64412992097b56f66a7bf1' +
      '57c04535a6d3da9b8ef120ad11ca043a56e2f060753916b41836ef58c22f06c8' +
      '4e18123a1506e5f3e63202f78dd7f4ee42c9aad03444b69cf98d7ef7912bc3a7' +
      'bd77e61f56a890fbbfff3686c4a1b37db9d608db02b0ac5eeddeb3b6d3177281' +
      '0dad8dc7811dfa4cc9259f5d1e092d49d6fe9d87cdaf174d4428cfa953beb769' +
      'b4a7edb1c75648e4c542649354a742d35990a2c8b87609eda8b28462bf829e27' +
      '20bc090f20fa3d370bf85317b9cb93ae02dfe0e09477a685db18acef8294c53a' +
      'f329e94501a676f07546f3694375289e2b5d585af0411a08f275adc54b6c910a',
  },
};

test.each([5, 14] as const)('group %i gives the secrets of Openswan', (group) => {
  const { secret, peerValue, shared } = openswan[group];
  expect(text(sharedSecret(group, fromHex(secret), fromHex(peerValue)))).toBe(shared);
});

test('group 14 gives the public value of Openswan', () => {
  expect(hex(publicValue(14, fromHex(openswan[14].secret)))).toBe(openswan[14].publicValue);
});

test.each(modp)('group %i agrees with big integer arithmetic, whichever group was used before', (group) => {
  const prime = BigInt(`0x${hex(modpGroups[group].prime)}`);
  const length = modpGroups[group].prime.length;
  const padded = (value: bigint) => value.toString(16).padStart(2 * length, '0');
  const own = fromHex('8123456789abcdef0123456789abcdef01234567');
  const other = fromHex('fedcba98765432100123456789abcdef01234567');
  const x = BigInt(`0x${hex(own)}`);
  const y = BigInt(`0x${hex(other)}`);
  expect(hex(publicValue(group, own))).toBe(padded(power(2n, x, prime)));
  const peer = publicValue(group, other);
  const shared = sharedSecret(group, own, peer);
  expect(text(shared)).toBe(padded(power(2n, x * y, prime)));
});

test.each(groupNumbers)(
  'in group %i both sides come to the same secret, each from its own random octets',
  (group) => {
    const a = generateKeyPair(group, (length) => new Uint8Array(length).fill(0x11));
    const b = generateKeyPair(group, (length) => new Uint8Array(length).fill(0xff));
    const secret = sharedSecret(group, a.privateKey, b.publicValue);
    expect(typeof secret).toBe('object');
    expect(secret).toEqual(sharedSecret(group, b.privateKey, a.publicValue));
  },
);

test('an exponent has its full length even where the random octets are all zero', () => {
  const { privateKey } = generateKeyPair(14, (length) => new Uint8Array(length));
  expect(hex(privateKey)).toBe(`80${'00'.repeat(31)}`);
});

test('values and secrets that begin with zeros keep the length of the prime (RFC 2409 5)', () => {
  // 2^5 = 32, and 32^3: numbers of a few bits in a group of 1024.
  expect(hex(publicValue(2, Uint8Array.of(5)))).toBe('20'.padStart(256, '0'));
  const shared = sharedSecret(2, Uint8Array.of(3), Uint8Array.of(32));
  expect(text(shared)).toBe('8000'.padStart(256, '0'));
});

test.each(modp)('in group %i a peer value outside the group is refused (SP 800-56A 5.6.2.3)', (group) => {
  const { prime } = modpGroups[group];
  const privateKey = fromHex('8123456789abcdef0123456789abcdef01234567');
  const minus = (amount: number) =>
    prime.map((octet, index) => (index === prime.length - 1 ? octet - amount : octet));
  for (const value of [new Uint8Array(), Uint8Array.of(0), Uint8Array.of(1), minus(1), prime]) {
    expect(sharedSecret(group, privateKey, value)).toBe('the value is not between 1 and p - 1');
  }
  expect(typeof sharedSecret(group, privateKey, Uint8Array.of(2))).toBe('object');
  expect(sharedSecret(group, privateKey, new Uint8Array(prime.length + 1).fill(1))).toBe(
    `${prime.length + 1} octets where the prime has ${prime.length}`,
  );
});

test.each([
  // RFC 3526 8 (the lower estimate) and, for the Oakley groups, SP 800-57.
  [1 as const, 80],
  [2 as const, 80],
  [5 as const, 90],
  [14 as const, 110],
  [15 as const, 130],
  [16 as const, 150],
])(
  'the private exponent of group %i is at least twice as long as its strength of %i bits',
  (group, strength) => {
    const { privateKey } = generateKeyPair(group, (length) => new Uint8Array(length));
    expect(privateKey.length * 8).toBeGreaterThanOrEqual(2 * strength);
  },
);

test.each([
  [1 as const, 768, 149_686n],
  [2 as const, 1024, 129_093n],
  [5 as const, 1536, 741_804n],
  [14 as const, 2048, 124_476n],
  [15 as const, 3072, 1_690_314n],
  [16 as const, 4096, 240_904n],
])('the prime of group %i is 2^n - 2^(n-64) - 1 + 2^64 * (floor(2^(n-130) * pi) + k)', (group, bits, k) => {
  // The formulas of RFC 2409 6.1, 6.2 and RFC 3526 2 to 5.
  const n = BigInt(bits);
  const expected = 2n ** n - 2n ** (n - 64n) - 1n + 2n ** 64n * (piBits(n - 130n) + k);
  expect(hex(modpGroups[group].prime)).toBe(expected.toString(16));
});

test('a group that this stack does not have is not known', () => {
  for (const number of [3, 4, 17, 21, undefined]) expect(knownGroup(number)).toBeUndefined();
  expect(knownGroup(20)).toBe(20);
});

function text(secret: Uint8Array | string): string {
  return typeof secret === 'string' ? secret : hex(secret);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let square = base, left = exponent; left > 0n; left >>= 1n, square = (square * square) % modulus) {
    if (left & 1n) result = (result * square) % modulus;
  }
  return result;
}

/** floor(2^bits * pi) by Machin's formula. */
function piBits(bits: bigint): bigint {
  const guard = 64n;
  const one = 1n << (bits + guard);
  const arctanOfInverse = (n: bigint) => {
    let term = one / n;
    let sum = term;
    for (let k = 3n, sign = -1n; term > 0n; k += 2n, sign = -sign) {
      term /= n * n;
      sum += (sign * term) / k;
    }
    return sum;
  };
  return (4n * (4n * arctanOfInverse(5n) - arctanOfInverse(239n))) >> guard;
}
