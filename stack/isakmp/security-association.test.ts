import { expect, test } from 'vitest';
import { fromHex, hex } from '../octets.ts';
import { decodeSecurityAssociation, encodeSecurityAssociation } from './security-association.ts';

// One ESP proposal, SPI 01020304, 3DES with HMAC-SHA1 in transport mode: by hand after RFC 2408 3.4 to 3.6.
const octets =
  '0000000100000001' +
  '00000020' +
  '01030401' +
  '01020304' +
  '00000014' +
  '01030000' +
  '80010001' +
  '80050002' +
  '80040002';

test('SA, proposal and transform lie as in RFC 2408', () => {
  const sa = decodeSecurityAssociation(fromHex(octets), 0);
  expect(sa).toEqual({
    ok: true,
    value: {
      proposals: [
        {
          number: 1,
          protocolId: 3,
          spi: fromHex('01020304'),
          transforms: [
            {
              number: 1,
              transformId: 3,
              attributes: [
                { form: 'TV', type: 1, value: 1 },
                { form: 'TV', type: 5, value: 2 },
                { form: 'TV', type: 4, value: 2 },
              ],
            },
          ],
        },
      ],
    },
  });
  if (sa.ok) expect(hex(encodeSecurityAssociation(sa.value))).toBe(octets);
});

test.each([
  ['a foreign DOI', 3, 2, { code: 'unsupported', field: 'Security Association.DOI' }],
  ['a situation with labels', 7, 3, { code: 'unsupported', field: 'Security Association.Situation' }],
  [
    'a count of transforms that lies',
    15,
    2,
    { code: 'bad-value', field: 'Security Association.Proposal[0].# of Transforms' },
  ],
  [
    'an SPI longer than the proposal',
    14,
    0x1c,
    { code: 'bad-length', field: 'Security Association.Proposal[0].SPI Size' },
  ],
  ['a proposal one octet short', 11, 0x1f, { code: 'bad-length' }],
  ['a transform one octet short', 23, 0x13, { code: 'bad-length' }],
  ['a proposal that is followed by another type', 8, 5, { code: 'truncated' }],
])('%s is refused', (_, offset, octet, error) => {
  const broken = fromHex(octets);
  broken[offset] = octet;
  expect(decodeSecurityAssociation(broken, 0)).toMatchObject({ ok: false, error });
});
