/**
 * Classic pcap files, as tcpdump -w writes them (draft-ietf-opsawg-pcap).
 * Total: any bytes give a file or the reason why they are none; a file that was cut off inside its
 * last packet gives the whole packets before it and says so.
 */
export interface PcapFile {
  /** Number of whole packets. */
  readonly packetCount: number;
  /** Octets after the last whole packet: more than 0 when the file ends inside one or is damaged. */
  readonly trailingOctets: number;
  /** The packets in the file's order; may be asked for more than once. */
  packets(): Generator<PcapPacket>;
}

export interface PcapPacket {
  /** Milliseconds since 1970, with the file's own resolution behind the point. */
  readonly timeMs: number;
  /** The frame as captured: a view into the file, shorter than `originalLength` where the snap length cut it. */
  readonly frame: Uint8Array;
  readonly originalLength: number;
}

export type PcapResult =
  | { readonly ok: true; readonly file: PcapFile }
  | { readonly ok: false; readonly error: string };

const fileHeaderLength = 24;
const recordHeaderLength = 16;
const linkTypeEthernet = 1;
/** No capture has larger frames (tcpdump's own bound); a longer length is damage, not a packet. */
const longestFrame = 262_144;

/** The four magic numbers as the first four octets: unit of the fraction, and order of all other numbers. */
const formats: Readonly<Record<string, { littleEndian: boolean; unitsPerMs: number }>> = {
  d4c3b2a1: { littleEndian: true, unitsPerMs: 1e3 },
  a1b2c3d4: { littleEndian: false, unitsPerMs: 1e3 },
  '4d3cb2a1': { littleEndian: true, unitsPerMs: 1e6 },
  a1b23c4d: { littleEndian: false, unitsPerMs: 1e6 },
};

/** Reads a pcap file of Ethernet frames. */
export function readPcap(bytes: Uint8Array): PcapResult {
  if (bytes.length < fileHeaderLength) {
    return { ok: false, error: `${bytes.length} octets, and a pcap file header takes ${fileHeaderLength}` };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0).toString(16).padStart(8, '0');
  const format = formats[magic];
  if (!format) return { ok: false, error: `not a classic pcap file: it begins with ${magic}` };
  const { littleEndian, unitsPerMs } = format;
  // The upper bits of this field tell of frame check sequences; the link type is the lower 16.
  const linkType = view.getUint32(20, littleEndian) & 0xffff;
  if (linkType !== linkTypeEthernet) return { ok: false, error: `link type ${linkType}, not Ethernet (1)` };

  /** Where the record at `offset` ends; undefined where no whole record is. */
  function recordEnd(offset: number): number | undefined {
    if (offset + recordHeaderLength > bytes.length) return undefined;
    const length = view.getUint32(offset + 8, littleEndian);
    const end = offset + recordHeaderLength + length;
    return length > longestFrame || end > bytes.length ? undefined : end;
  }

  let packetCount = 0;
  let wholeUntil = fileHeaderLength;
  for (let end = recordEnd(wholeUntil); end !== undefined; end = recordEnd(wholeUntil)) {
    packetCount++;
    wholeUntil = end;
  }

  function* packets(): Generator<PcapPacket> {
    let offset = fileHeaderLength;
    for (let end = recordEnd(offset); end !== undefined; end = recordEnd(offset)) {
      const seconds = view.getUint32(offset, littleEndian);
      const fraction = view.getUint32(offset + 4, littleEndian);
      yield {
        timeMs: seconds * 1000 + fraction / unitsPerMs,
        frame: bytes.subarray(offset + recordHeaderLength, end),
        originalLength: view.getUint32(offset + 12, littleEndian),
      };
      offset = end;
    }
  }

  return { ok: true, file: { packetCount, trailingOctets: bytes.length - wholeUntil, packets } };
}
