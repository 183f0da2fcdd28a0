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
  const result = readPcap(readFileSync(file));
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
    if (!packet || packet.content.kind === 'other' || packet.content.kind === 'fragment') continue;
    startMs ??= timeMs;
    const direction = sides.directionOf(packet.source, packet.destination);
    const rung = { atMs: timeMs - startMs, direction, size: packet.size };
    if (packet.content.kind !== 'ike') {
      entries.push({ ...rung, kind: kindsOfOthers[packet.content.kind], retransmission: false });
    } else if (packet.content.isakmp === undefined) {
      entries.push({ ...rung, kind: 'malformed IKE', retransmission: false });
    } else {
      const { isakmp } = packet.content;
      const { kind, retransmission } = nameOf({ ...isakmp, direction, content: hex(isakmp.message) });
      entries.push({ ...rung, kind, retransmission });
    }
  }
  return entries;
}

const arrows: Readonly<Record<Direction, string>> = {
  'to-responder': '-->',
  'to-client': '<--',
  elsewhere: '?--',
};

/** The ladder as text, one line a rung; ESP in a row is one line with counts. */
export function ladderText(entries: readonly LadderEntry[]): string {
  const lines: string[] = [];
  for (let index = 0; index < entries.length; ) {
    const first = entries[index];
    if (!first) break;
    const run = espRunLength(entries, index);
    const at = `${first.atMs.toFixed(1).padStart(9)} ms`;
    if (run > 2) {
      const packets = entries.slice(index, index + run);
      const toResponder = packets.filter(({ direction }) => direction === 'to-responder').length;
      lines.push(`${at}  <->  ${first.kind}: ${toResponder} -->, ${run - toResponder} <--`);
      index += run;
    } else {
      const again = first.retransmission ? ' (again)' : '';
      lines.push(`${at}  ${arrows[first.direction]}  ${first.kind}${again}, ${first.size} octets`);
      index++;
    }
  }
  return lines.join('\n');
}

/** How many rungs from `start` on are ESP of the same kind. */
function espRunLength(entries: readonly LadderEntry[], start: number): number {
  const kind = entries[start]?.kind;
  if (kind !== 'ESP' && kind !== 'ESP in UDP') return 1;
  const end = entries.findIndex((entry, index) => index > start && entry.kind !== kind);
  return (end === -1 ? entries.length : end) - start;
}
