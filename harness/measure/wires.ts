import { readFileSync } from 'node:fs';
import { clientPlaces } from '../client-places.ts';
import type { WireObservation } from '../observation.ts';
import { containsAddress } from '../subnet.ts';
import type { Topology } from '../topology.ts';
import { browsingTally } from './browsing-tally.ts';
import { decodeOuter, decodeOuterIp, type OuterPacket } from './outer.ts';
import { readPcap } from './pcap.ts';
import { type Direction, outerSegments, sidesOf } from './sides.ts';
import { ownership } from './wire-owner.ts';
import { isEsp, type OwnCounts, wireTally } from './wire-tally.ts';

type SegmentCounts = WireObservation['segments'][string];
/** What a segment shows of all clients together: a leak is one of the cell. */
type SharedCounts = Omit<SegmentCounts, keyof OwnCounts>;

/** What was captured at one segment. */
interface Capture {
  readonly file: string;
  readonly packets: number;
  /** In the order of the capture; `undefined` for what is no IPv4 packet. */
  outer(): Iterable<OuterPacket | undefined>;
}

/**
 * What the captures of a cell show of each of its clients, in the order in which they dial: counts by segment and
 * direction, leaks, messages, what stayed unanswered. Made from the pcap files and the topology alone; nothing that
 * a peer says goes in. Files, their packets, losses and leaks are those of the whole cell, in each observation; all
 * else is of that client, as far as packets can be told apart (see `ownership`). Those that cannot are in no
 * client's counts; where they might be the ESP whose absence a client's counts would prove, `damaged` says so.
 *
 * @param files pcap file of each segment; a segment of the path without one is reported as damage
 * @param topology with the cell's clients and no other
 * @param innerPrefixes the pool and the LAN behind the responder: their addresses must not show outside the tunnel
 */
export function observeWires(
  files: Readonly<Record<string, string>>,
  topology: Topology,
  droppedByCapture: number,
  innerPrefixes: readonly string[],
): WireObservation[] {
  const captures = new Map<string, Capture | string>();
  const cutOff: string[] = [];
  for (const [segment, file] of Object.entries(files)) {
    const result = readPcap(readFileSync(file));
    if (!result.ok) captures.set(segment, result.error);
    else {
      const { packetCount, trailingOctets } = result.file;
      if (trailingOctets > 0) cutOff.push(`capture of ${segment} ends inside a packet`);
      const outer = () => decoded(result.file.packets(), ({ frame }) => decodeOuter(frame));
      captures.set(segment, { file, packets: packetCount, outer });
    }
  }
  return observe(captures, cutOff, topology, droppedByCapture, innerPrefixes);
}

/**
 * The same of packets that were never in a file: what an embedded network saw at each segment.
 * @param packets IP packets in their order; names of segments stand for those of files
 */
export function observePackets(
  packets: ReadonlyMap<string, readonly { readonly packet: Uint8Array }[]>,
  topology: Topology,
  innerPrefixes: readonly string[],
): WireObservation[] {
  const captures = new Map<string, Capture>();
  for (const [segment, seen] of packets) {
    const outer = () => decoded(seen, ({ packet }) => decodeOuterIp(packet));
    captures.set(segment, { file: segment, packets: seen.length, outer });
  }
  return observe(captures, [], topology, 0, innerPrefixes);
}

function* decoded<Raw>(packets: Iterable<Raw>, decode: (raw: Raw) => OuterPacket | undefined) {
  for (const packet of packets) yield decode(packet);
}

/** @param captures by segment; in the place of one, why it cannot be read */
function observe(
  captures: ReadonlyMap<string, Capture | string>,
  cutOff: readonly string[],
  topology: Topology,
  droppedByCapture: number,
  innerPrefixes: readonly string[],
): WireObservation[] {
  // Where the responder is, and by which address it goes, is the same for all.
  const { directionOf } = sidesOf(topology);
  const outer = outerSegments(topology);
  const ownerOf = ownership(topology);
  const clients = clientPlaces(topology).map((place) => {
    const { path } = sidesOf(topology, place);
    return { path, tally: wireTally(path) };
  });
  const damaged = outer.flatMap((segment) => (captures.has(segment) ? [] : [`${segment} was not captured`]));
  damaged.push(...cutOff);
  const browsing = browsingTally(topology);
  const shared: Record<string, SharedCounts> = {};
  const responderAt = outer.at(-1);
  let nobodys = 0;

  // In the order of the paths: what a client's own segment shows tells it apart on the others.
  for (const segment of new Set([...outer, ...captures.keys()])) {
    const capture = captures.get(segment);
    if (capture === undefined) continue;
    if (typeof capture === 'string') {
      damaged.push(`capture of ${segment}: ${capture}`);
      continue;
    }
    const counts: Writable<SharedCounts> = {
      file: capture.file,
      packets: capture.packets,
      clearL2tp: 0,
      innerAddresses: 0,
    };
    shared[segment] = counts;
    const isOutside = outer.includes(segment);
    const isInner = innerOn(topology.segments[segment]?.subnet, innerPrefixes);
    for (const packet of capture.outer()) {
      if (!packet) continue;
      const leaks = isOutside && (isInner(packet.source) || isInner(packet.destination));
      if (leaks) counts.innerAddresses++;
      browsing.add(segment, packet, leaks);
      const direction = directionOf(packet.source, packet.destination);
      count(counts, packet.content, direction);
      const owner = ownerOf(segment, packet, direction);
      if (owner !== undefined) clients[owner]?.tally.add(segment, packet, direction);
      if (segment !== responderAt) continue;
      const servesOwner = direction === 'to-client' && isEsp(packet);
      if (servesOwner && owner === undefined) nobodys++;
      if (owner === undefined) continue;
      for (const { tally } of clients.slice(0, owner)) {
        if (servesOwner) tally.anotherIsServed(owner);
        else if (direction === 'to-responder' && isInformational(packet)) tally.anotherEnds(owner);
      }
    }
  }

  const capturedPackets = Object.values(shared).reduce((sum, { packets }) => sum + packets, 0);
  return clients.map(({ path, tally }) => {
    const segments = Object.entries(shared).map(([segment, counts]): [string, SegmentCounts] => [
      segment,
      { ...counts, ...tally.countsOn(segment) },
    ]);
    const own = tally.result();
    const doubt = nobodys > 0 && mayHaveBeenAnswered(tally.countsOn(responderAt ?? ''), own.espAfterOthers);
    return {
      capturedPackets,
      droppedByCapture,
      damaged: doubt
        ? [...damaged, `${nobodys} ESP packets from the responder are of no client that can be told`]
        : [...damaged],
      path: [...path],
      segments: Object.fromEntries(segments),
      ...browsing.result(),
      ...own,
    };
  });
}

type Writable<Of> = { -readonly [Key in keyof Of]: Of[Key] };

/** What is outside IPsec, and of no client by name. */
function count(counts: Writable<SharedCounts>, { kind }: OuterPacket['content'], direction: Direction): void {
  if (kind === 'clear-l2tp') {
    counts.clearL2tp++;
    if (direction === 'to-client') counts.clearL2tpToClient = (counts.clearL2tpToClient ?? 0) + 1;
  }
  if (kind === 'echo-request') counts.echoRequests = (counts.echoRequests ?? 0) + 1;
}

/** Outside of main and quick mode an IKE message carries deletes and notifies (RFC 2408 3.1, exchange type 5). */
function isInformational({ content }: OuterPacket): boolean {
  return content.kind === 'ike' && content.isakmp?.exchangeType === 5;
}

/** ESP of this client came to the responder and none went back, ever or since others were served. */
function mayHaveBeenAnswered(
  { espInUdp, espNative }: OwnCounts,
  afterOthers: WireObservation['espAfterOthers'],
): boolean {
  const ever = {
    toResponder: espInUdp.toResponder + espNative.toResponder,
    toClient: espInUdp.toClient + espNative.toClient,
  };
  return [ever, afterOthers].some((esp) => esp && esp.toResponder > 0 && esp.toClient === 0);
}

/** An inner address belongs where the segment's own subnet holds it (NAT-9: hotel and office number alike). */
function innerOn(subnet: string | undefined, prefixes: readonly string[]): (address: string) => boolean {
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
