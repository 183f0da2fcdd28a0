import { expect, test } from 'vitest';
import { fromHex, hex } from '../octets.ts';
import type { EcpGroup } from './config.ts';
import { generateKeyPair, publicValue, sharedSecret } from './diffie-hellman.ts';

/** RFC 5903 8.1 and 8.2: i and r, g^i and g^r as x | y, g^ir as x. */
const vectors: Readonly<Record<EcpGroup, Readonly<Record<'i' | 'gi' | 'r' | 'gr' | 'gir', string>>>> = {
  19: {
    i: 'c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433',
    gi:
      'dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180' +
      '5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3',
    r: 'c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53',
    gr:
      'd12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63' +
      '56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab',
    gir: 'd6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de',
  },
  20: {
    i: '099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee3faef896783ab194',
    gi:
      '667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4c55ee6de3ac808acb4bdb4c88732aee95f41aa' +
      '9482ed1fc0eeb9cafc4984625ccfc23f65032149e0e144ada024181535a0f38eeb9fcff3c2c947dae69b4c634573a81c',
    r: '41cb0779b4bdb85d47846725fbec3c9430fab46cc8dc5060855cc9bda0aa2942e0308312916b8ed2960e4bd55a7448fc',
    gr:
      'e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc509d0d1ac43a0336def96fda41d0774a3571' +
      'dcfbec7aacf3196472169e838430367f66eebe3c6e70c416dd5f0c68759dd1fff83fa40142209dff5eaad96db9e6386c',
    gir: '11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d09cf5d4a270f59746',
  },
};
const groups: EcpGroup[] = [19, 20];

test.each(groups)(
  'group %i gives the values of RFC 5903 section 8: x and y on the wire, x alone as the secret',
  (group) => {
    const { i, gi, r, gr, gir } = vectors[group];
    expect(hex(publicValue(group, fromHex(i)))).toBe(gi);
    expect(hex(publicValue(group, fromHex(r)))).toBe(gr);
    expect(sharedSecret(group, fromHex(i), fromHex(gr))).toEqual(fromHex(gir));
    expect(sharedSecret(group, fromHex(r), fromHex(gi))).toEqual(fromHex(gir));
  },
);

test.each(groups)('in group %i a point that is not on the curve is refused', (group) => {
  const { i, gr } = vectors[group];
  const point = fromHex(gr);
  const half = point.length / 2;
  const off = point.with(-1, (point.at(-1) ?? 0) ^ 1);
  // Beyond the field: both coordinates all ones. The point 0|0: 0 = b is no solution on either curve.
  const beyond = new Uint8Array(point.length).fill(0xff);
  for (const value of [off, beyond, new Uint8Array(point.length)]) {
    expect(sharedSecret(group, fromHex(i), value)).toBe('the point is not on the curve');
  }
  const of = (length: number) => `${length} octets where x and y have ${point.length}`;
  for (const value of [point.slice(0, half), point.slice(1), fromHex(`04${gr}`), new Uint8Array()]) {
    expect(sharedSecret(group, fromHex(i), value)).toBe(of(value.length));
  }
});

test.each(groups)('private keys of group %i are between 1 and n - 1, whatever octets are drawn', (group) => {
  const { privateKey } = generateKeyPair(group, (length) => new Uint8Array(length));
  expect(hex(privateKey)).toBe('01'.padStart(2 * privateKey.length, '0'));
  const filled = generateKeyPair(group, (length) => new Uint8Array(length).fill(0xff));
  expect(filled.privateKey.length).toBe(privateKey.length);
  expect(filled.publicValue.length).toBe(2 * privateKey.length);
});
