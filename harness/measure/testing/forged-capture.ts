/** Captures for tests: frames and pcap files put together octet by octet, from the RFCs and not from the readers. */

export interface ForgedUdp {
  readonly from: string;
  readonly fromPort: number;
  readonly to: string;
  readonly toPort: number;
  readonly data: Uint8Array;
}

/** An ISAKMP message (RFC 2408 3.1) with an opaque body; the encryption bit is set, so no payload is expected in it. */
export function isakmpMessage(of: {
  readonly initiatorCookie: string;
  readonly responderCookie?: string;
  readonly exchangeType: number;
  readonly messageId?: number;
  readonly body: string;
}): Uint8Array {
  const body = Buffer.from(of.body);
  const header = Buffer.alloc(28);
  header.write(of.initiatorCookie, 0, 'hex');
  header.write(of.responderCookie ?? '0000000000000000', 8, 'hex');
  header.writeUInt8(0x10, 17);
  header.writeUInt8(of.exchangeType, 18);
  header.writeUInt8(1, 19);
  header.writeUInt32BE(of.messageId ?? 0, 20);
  header.writeUInt32BE(28 + body.length, 24);
  return Buffer.concat([header, body]);
}

/** The non-ESP marker of RFC 3948 2.2 before an IKE message. */
export function withMarker(message: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.alloc(4), message]);
}

/** SPI, sequence number and some ciphertext (RFC 4303 2). */
export function espPacket(spi: number, sequence: number, length = 48): Uint8Array {
  const packet = Buffer.alloc(8 + length, 0xa5);
  packet.writeUInt32BE(spi, 0);
  packet.writeUInt32BE(sequence, 4);
  return packet;
}

export function udpFrame({ from, fromPort, to, toPort, data }: ForgedUdp): Uint8Array {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(fromPort, 0);
  header.writeUInt16BE(toPort, 2);
  header.writeUInt16BE(8 + data.length, 4);
  return ipFrame({ from, to, protocol: 17, payload: Buffer.concat([header, data]) });
}

/** An Ethernet frame with an IPv4 packet (RFC 791 3.1), padded to Ethernet's least length. */
export function ipFrame(of: {
  readonly from: string;
  readonly to: string;
  readonly protocol: number;
  readonly payload: Uint8Array;
  /** In units of 8 octets. */
  readonly fragmentOffset?: number;
}): Uint8Array {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(20 + of.payload.length, 2);
  header.writeUInt16BE(of.fragmentOffset ?? 0, 6);
  header.writeUInt8(64, 8);
  header.writeUInt8(of.protocol, 9);
  header.set(of.from.split('.').map(Number), 12);
  header.set(of.to.split('.').map(Number), 16);
  const ethernet = Buffer.from('0200000000010200000000020800', 'hex');
  const frame = Buffer.concat([ethernet, header, of.payload]);
  return frame.length < 60 ? Buffer.concat([frame, Buffer.alloc(60 - frame.length)]) : frame;
}

/** A classic pcap file of these frames, one every millisecond. */
export function pcapFile(
  frames: readonly Uint8Array[],
  format: {
    readonly littleEndian?: boolean;
    readonly nanoseconds?: boolean;
    readonly linkType?: number;
  } = {},
): Uint8Array {
  const { littleEndian = true, nanoseconds = false, linkType = 1 } = format;
  const u32 = (...values: number[]): Buffer => {
    const buffer = Buffer.alloc(4 * values.length);
    for (const [index, value] of values.entries()) {
      if (littleEndian) buffer.writeUInt32LE(value, 4 * index);
      else buffer.writeUInt32BE(value, 4 * index);
    }
    return buffer;
  };
  const version = littleEndian ? [2, 0, 4, 0] : [0, 2, 0, 4];
  const parts: Uint8Array[] = [
    u32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4),
    Buffer.from(version),
    u32(0, 0, 262_144, linkType),
  ];
  for (const [index, frame] of frames.entries()) {
    const fraction = index * (nanoseconds ? 1_000_000 : 1_000);
    parts.push(u32(1_700_000_000, fraction, frame.length, frame.length), frame);
  }
  return Buffer.concat(parts);
}
