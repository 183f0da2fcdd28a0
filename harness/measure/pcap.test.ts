import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPcap } from './pcap.ts';
import { pcapFile } from './testing/forged-capture.ts';

const frames = [Uint8Array.from({ length: 60 }, (_, index) => index), new Uint8Array(100).fill(7)];

// The four magic numbers: draft-ietf-opsawg-pcap section 4.
test.each([
  { littleEndian: true, nanoseconds: false },
  { littleEndian: false, nanoseconds: false },
  { littleEndian: true, nanoseconds: true },
  { littleEndian: false, nanoseconds: true },
])('reads a file with $littleEndian little-endian and $nanoseconds nanoseconds', (format) => {
  const result = readPcap(pcapFile(frames, format));
  if (!result.ok) throw new Error(result.error);
  expect(result.file).toMatchObject({ packetCount: 2, trailingOctets: 0 });
  const packets = [...result.file.packets()];
  expect(packets.map(({ frame }) => [...frame])).toEqual(frames.map((frame) => [...frame]));
  expect(packets.map(({ timeMs }) => timeMs)).toEqual([1_700_000_000_000, 1_700_000_000_001]);
  expect([...result.file.packets()]).toHaveLength(2);
});

test('gives the whole packets of a file that ends inside the last one, and says so', () => {
  const bytes = pcapFile(frames);
  const result = readPcap(bytes.subarray(0, bytes.length - 1));
  if (!result.ok) throw new Error(result.error);
  expect(result.file).toMatchObject({ packetCount: 1, trailingOctets: 16 + 99 });
  expect([...result.file.packets()]).toHaveLength(1);
});

test('takes an impossible length as damage and not as a packet', () => {
  const bytes = Buffer.from(pcapFile(frames));
  bytes.writeUInt32LE(0x7fffffff, 24 + 8);
  expect(readPcap(bytes)).toMatchObject({ ok: true, file: { packetCount: 0 } });
});

test.each([
  { name: 'an empty file', bytes: new Uint8Array(), error: '0 octets' },
  { name: 'pcapng', bytes: Buffer.alloc(40, '0a0d0d0a', 'hex'), error: '0a0d0d0a' },
  { name: 'Linux cooked capture', bytes: pcapFile(frames, { linkType: 113 }), error: 'link type 113' },
])('refuses $name with the reason', ({ bytes, error }) => {
  const result = readPcap(bytes);
  expect(result.ok ? 'read' : result.error).toContain(error);
});

test('reads any octets without throwing', () => {
  const header = pcapFile([]);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      readPcap(noise);
      const result = readPcap(Buffer.concat([header, noise]));
      if (!result.ok) throw new Error(result.error);
      expect([...result.file.packets()]).toHaveLength(result.file.packetCount);
    }),
    { numRuns: 2000 },
  );
});
