import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildIpv4, ipv4Addresses, ipv4Packet, parseIpv4 } from './ipv4.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

// RFC 3602 4, case 7: the IPv4 packet that its tunnel mode ESP packet carries, an ICMP echo request.
const published = hex(
  '45000054090400004001f988c0a87b03c0a87bc808009f76a90a0100b49c083d02a20400' +
    '08090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637',
);

test('a published packet is read field by field and built again octet by octet', () => {
  const result = parseIpv4(published);
  expect(result).toEqual({
    ok: true,
    value: {
      typeOfService: 0,
      identification: 0x0904,
      dontFragment: false,
      moreFragments: false,
      fragmentOffset: 0,
      timeToLive: 64,
      protocol: 1,
      source: '192.168.123.3',
      destination: '192.168.123.200',
      options: new Uint8Array(0),
      payload: published.subarray(20),
    },
  });
  if (result.ok) expect(buildIpv4(result.value)).toEqual(published);
});

test('fragment fields: offset in units of eight octets, three flag bits (RFC 791 3.1)', () => {
  const payload = new Uint8Array(16);
  const fields = { protocol: 17, source: '10.0.0.1', destination: '10.0.0.2', payload };
  const middle = buildIpv4(ipv4Packet({ ...fields, moreFragments: true, fragmentOffset: 1480 }));
  expect([...middle.subarray(6, 8)]).toEqual([0x20, 1480 / 8]);
  const whole = buildIpv4(ipv4Packet({ ...fields, dontFragment: true }));
  expect([...whole.subarray(6, 8)]).toEqual([0x40, 0]);
  const parsed = parseIpv4(middle);
  expect(parsed.ok && [parsed.value.moreFragments, parsed.value.fragmentOffset]).toEqual([true, 1480]);
});

test('the addresses alone are read from anything with room for a header', () => {
  expect(ipv4Addresses(published)).toEqual({ source: '192.168.123.3', destination: '192.168.123.200' });
  expect(ipv4Addresses(published.subarray(0, 19))).toBeUndefined();
});

test('octets behind the total length are not payload', () => {
  const parsed = parseIpv4(Uint8Array.from([...published, 0, 0, 0]));
  expect(parsed.ok && parsed.value.payload.length).toBe(64);
});

test.each([
  ['nothing', new Uint8Array(0), 'truncated', 'Ipv4'],
  ['half a header', published.subarray(0, 19), 'truncated', 'Ipv4'],
  ['version 6', Uint8Array.from([0x65, ...published.subarray(1)]), 'unsupported', 'Ipv4.Version'],
  ['a header of four words', Uint8Array.from([0x44, ...published.subarray(1)]), 'bad-length', 'Ipv4.IHL'],
  [
    'a header longer than the packet',
    published.map((o, i) => (i === 0 ? 0x4f : o)).subarray(0, 40),
    'bad-length',
    'Ipv4.IHL',
  ],
  ['a total length beyond the end', published.subarray(0, 83), 'bad-length', 'Ipv4.Total Length'],
  [
    'a changed time to live',
    published.map((o, i) => (i === 8 ? 63 : o)),
    'bad-value',
    'Ipv4.Header Checksum',
  ],
])('%s is refused by name', (_, bytes, code, field) => {
  expect(parseIpv4(bytes)).toMatchObject({ ok: false, error: { code, field } });
});

test('fields that no header can carry are refused', () => {
  const fields = { protocol: 17, source: '10.0.0.1', destination: '10.0.0.2', payload: new Uint8Array(0) };
  expect(() => buildIpv4(ipv4Packet({ ...fields, options: new Uint8Array(3) }))).toThrow(RangeError);
  expect(() => buildIpv4(ipv4Packet({ ...fields, options: new Uint8Array(44) }))).toThrow(RangeError);
  expect(() => buildIpv4(ipv4Packet({ ...fields, fragmentOffset: 4 }))).toThrow(RangeError);
  expect(() => buildIpv4(ipv4Packet({ ...fields, payload: new Uint8Array(0xffff) }))).toThrow(RangeError);
});

const address = fc.tuple(...Array.from({ length: 4 }, () => fc.nat(255))).map((octets) => octets.join('.'));
const packet = fc.record({
  typeOfService: fc.nat(255),
  identification: fc.nat(0xffff),
  dontFragment: fc.boolean(),
  moreFragments: fc.boolean(),
  fragmentOffset: fc.nat(0x1fff).map((units) => units * 8),
  timeToLive: fc.nat(255),
  protocol: fc.nat(255),
  source: address,
  destination: address,
  options: fc.nat(10).chain((words) => fc.uint8Array({ minLength: words * 4, maxLength: words * 4 })),
  payload: fc.uint8Array({ maxLength: 200 }),
});

test('what is built is read back', () => {
  fc.assert(
    fc.property(packet, (fields) => {
      expect(parseIpv4(buildIpv4(fields))).toEqual({ ok: true, value: fields });
    }),
    { numRuns: 1000 },
  );
});

test('any octets give a packet or an error, never an exception', () => {
  const mutated = fc
    .tuple(packet, fc.array(fc.tuple(fc.nat(79), fc.nat(255)), { maxLength: 4 }))
    .map(([fields, changes]) => {
      const bytes = buildIpv4(fields);
      for (const [at, octet] of changes) if (at < bytes.length) bytes[at] = octet;
      return bytes;
    });
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 80 })), (bytes) => {
      const result = parseIpv4(bytes);
      if (result.ok) expect(result.value.payload.length).toBeLessThanOrEqual(bytes.length - 20);
      else expect(result.error.field).toMatch(/^Ipv4/);
    }),
    { numRuns: 3000 },
  );
});
