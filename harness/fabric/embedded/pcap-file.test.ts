import { expect, test } from 'vitest';
import { readPcap } from '../../measure/pcap.ts';
import { addressNumber } from './packet.ts';
import { pcapFile } from './pcap-file.ts';

test('the reader of captures finds each frame, its time and its hardware addresses', () => {
  const frame = {
    at: 1500.25,
    from: addressNumber('192.168.1.10'),
    to: addressNumber('192.168.1.1'),
    packet: Uint8Array.of(0x45, 1, 2),
  };
  const read = readPcap(pcapFile([frame, frame], 1_000_000));
  if (!read.ok) throw new Error(read.error);
  expect([read.file.packetCount, read.file.trailingOctets]).toEqual([2, 0]);
  const [first] = read.file.packets();
  expect(first?.timeMs).toBeCloseTo(1_001_500.25, 3);
  expect([...(first?.frame ?? [])]).toEqual([
    ...[2, 0, 192, 168, 1, 1],
    ...[2, 0, 192, 168, 1, 10],
    ...[8, 0, 0x45, 1, 2],
  ]);
});
