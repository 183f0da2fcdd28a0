import type { Frame } from './segment.ts';

/** Locally administered, and the IPv4 address of the interface behind it: readable in any viewer. */
function hardwareAddress(address: number): number[] {
  return [0x02, 0x00, address >>> 24, address >>> 16, address >>> 8, address].map((octet) => octet & 0xff);
}

/**
 * A classic pcap file of Ethernet frames (draft-ietf-opsawg-pcap), as tcpdump writes it at a segment of containers.
 * @param epochMs when the virtual clock stood at 0
 */
export function pcapFile(frames: readonly Frame[], epochMs: number): Uint8Array {
  const length = frames.reduce((sum, { packet }) => sum + 16 + 14 + packet.length, 24);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xa1b2c3d4);
  view.setUint16(4, 2);
  view.setUint16(6, 4);
  view.setUint32(16, 262_144);
  view.setUint32(20, 1);
  let offset = 24;
  for (const { at, from, to, packet } of frames) {
    const microseconds = Math.round((epochMs + at) * 1000);
    view.setUint32(offset, Math.floor(microseconds / 1e6));
    view.setUint32(offset + 4, microseconds % 1e6);
    view.setUint32(offset + 8, 14 + packet.length);
    view.setUint32(offset + 12, 14 + packet.length);
    bytes.set(hardwareAddress(to), offset + 16);
    bytes.set(hardwareAddress(from), offset + 22);
    view.setUint16(offset + 28, 0x0800);
    bytes.set(packet, offset + 30);
    offset += 30 + packet.length;
  }
  return bytes;
}
