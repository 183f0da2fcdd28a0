import { readFileSync } from 'node:fs';
import type { WireObservation } from '../observation.ts';
import { containsAddress } from '../subnet.ts';
import type { Topology } from '../topology.ts';
import { ikeTally } from './ike-tally.ts';
import { decodeOuter, type OuterPacket } from './outer.ts';
import { readPcap } from './pcap.ts';
import { type Direction, sidesOf } from './sides.ts';

type SegmentCounts = WireObservation['segments'][string];
type Both = SegmentCounts['ike500'];

/**
 * What the captures of a cell show: counts by segment and direction, leaks, messages, what stayed unanswered.
 * Made from the pcap files and the topology alone; nothing that a peer says goes in.
 *
 * @param files pcap file of each segment; a segment of the path without one is reported as damage
 * @param innerPrefixes the pool and the LAN behind the responder: their addresses must not show outside the tunnel
 */
export function observeWire(
  files: Readonly<Record<string, string>>,
  topology: Topology,
  droppedByCapture: number,
  innerPrefixes: readonly string[],
): WireObservation {
  const sides = sidesOf(topology);
  const tally = ikeTally(sides.path);
  const damaged = sides.path.flatMap((segment) => (segment in files ? [] : [`${segment} was not captured`]));
  const segments: Record<string, SegmentCounts> = {};
  let capturedPackets = 0;

  for (const [segment, file] of Object.entries(files)) {
    const result = readPcap(readFileSync(file));
    if (!result.ok) {
      damaged.push(`capture of ${segment}: ${result.error}`);
      continue;
    }
    if (result.file.trailingOctets > 0) damaged.push(`capture of ${segment} ends inside a packet`);
    const counts = noCounts(file, result.file.packetCount);
    capturedPackets += result.file.packetCount;
    segments[segment] = counts;
    const outside = sides.path.includes(segment);
    const leaks = isInner(innerPrefixes, topology.segments[segment]?.subnet);
    for (const { frame } of result.file.packets()) {
      const packet = decodeOuter(frame);
      if (!packet) continue;
      const direction = sides.directionOf(packet.source, packet.destination);
      count(counts, packet, direction);
      if (outside && (leaks(packet.source) || leaks(packet.destination))) counts.innerAddresses++;
      if (outside && packet.content.kind === 'ike' && packet.content.isakmp) {
        tally.add(segment, direction, packet.content.port, packet.content.isakmp);
      }
    }
  }

  return { capturedPackets, droppedByCapture, damaged, path: [...sides.path], segments, ...tally.result() };
}

/** An inner address belongs where the segment's own subnet holds it (NAT-9: hotel and office number alike). */
function isInner(prefixes: readonly string[], subnet: string | undefined): (address: string) => boolean {
  const inner = (address: string) =>
    prefixes.some((prefix) => containsAddress(prefix, address)) &&
    !(subnet !== undefined && containsAddress(subnet, address));
  // Thousands of packets, a handful of addresses.
  const known = new Map<string, boolean>();
  return (address) => {
    const answer = known.get(address) ?? inner(address);
    known.set(address, answer);
    return answer;
  };
}

function count(counts: SegmentCounts, { content }: OuterPacket, direction: Direction): void {
  if (content.kind === 'keepalive') counts.keepalives++;
  if (content.kind === 'clear-l2tp') counts.clearL2tp++;
  const both = bothOf(counts, content);
  if (direction === 'to-responder') both.toResponder++;
  if (direction === 'to-client') both.toClient++;
}

function bothOf(counts: SegmentCounts, content: OuterPacket['content']): Both {
  switch (content.kind) {
    case 'ike':
      return content.port === 500 ? counts.ike500 : counts.ike4500;
    case 'esp-in-udp':
      return counts.espInUdp;
    case 'esp-native':
      return counts.espNative;
    default:
      return none();
  }
}

function none(): Both {
  return { toResponder: 0, toClient: 0 };
}

function noCounts(file: string, packets: number): SegmentCounts {
  return {
    file,
    packets,
    ike500: none(),
    ike4500: none(),
    espInUdp: none(),
    espNative: none(),
    keepalives: 0,
    clearL2tp: 0,
    innerAddresses: 0,
  };
}
