import { readFileSync } from 'node:fs';
import { CrossnatError } from '../error.ts';
import { messageNames } from './message-names.ts';
import { decodeOuter, hex } from './outer.ts';
import { readPcap } from './pcap.ts';
import type { Direction, Sides } from './sides.ts';

/** One rung: a packet of the connection that crossed a segment. */
export interface LadderEntry {
  /** Milliseconds since the first rung. */
  readonly atMs: number;
  readonly direction: Direction;
  /** `main mode 1` ... `quick mode 3`, `informational`, `ESP`, `ESP in UDP`, `keepalive`, `clear L2TP`. */
  readonly kind: string;
  /** Octets of the IP packet. */
  readonly size: number;
  readonly retransmission: boolean;
}

const kindsOfOthers = {
  'esp-in-udp': 'ESP in UDP',
  'esp-native': 'ESP',
  keepalive: 'keepalive',
  'clear-l2tp': 'clear L2TP',
} as const;

/** What crossed one segment, in order, from its pcap file; throws a CrossnatError when it is none. */
export function readLadder(file: string, sides: Sides): LadderEntry[] {
  return ladderOf(readFileSync(file), file, sides);
}

/** The same of a pcap file that has been read already; `file` is for the complaint alone. */
export function ladderOf(capture: Uint8Array, file: string, sides: Sides): LadderEntry[] {
  const result = readPcap(capture);
  if (!result.ok) {
    throw new CrossnatError('broken', {
      doing: `reading the capture ${file}`,
      found: result.error,
      remedy: 'Capture this segment again',
    });
  }
  const nameOf = messageNames();
  const entries: LadderEntry[] = [];
  let startMs: number | undefined;
  for (const { timeMs, frame } of result.file.packets()) {
    const packet = decodeOuter(frame);
    if (!packet) continue;
    const { content } = packet;
    if (content.kind === 'other' || content.kind === 'fragment' || content.kind === 'echo-request') continue;
    startMs ??= timeMs;
    const direction = sides.directionOf(packet.source, packet.destination);
    const rung = { atMs: timeMs - startMs, direction, size: packet.size };
    if (content.kind !== 'ike') {
      entries.push({ ...rung, kind: kindsOfOthers[content.kind], retransmission: false });
    } else if (content.isakmp === undefined) {
      entries.push({ ...rung, kind: 'malformed IKE', retransmission: false });
    } else {
      const { isakmp } = content;
      const { kind, retransmission } = nameOf({ ...isakmp, direction, content: hex(isakmp.message) });
      entries.push({ ...rung, kind, retransmission });
    }
  }
  return entries;
}
