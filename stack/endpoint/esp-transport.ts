import { sameUdpAddress, type UdpAddress, udpAddressText } from '../address.ts';
import type { RandomSource } from '../engine.ts';
import { repairTransportChecksum } from '../esp/checksum-repair.ts';
import { createSa, espHeadroom, espSpi, espTailroom, open, type Sa, seal } from '../esp/packet.ts';
import { counter, sequenceNumber } from '../esp/record.ts';
import type { DropReason, Fact } from '../fact.ts';
import { type AddressPair, protocolUdp, transportChecksumHolds } from '../ip/checksum.ts';
import { parseUdp, writeUdp } from '../ip/udp.ts';
import type { L2tpPeer } from '../l2tp/config.ts';
import { joinIkePort } from '../nat-traversal/datagram.ts';
import type { SaPair } from '../sa.ts';
import type { EndpointEffect } from './config.ts';
import type { EspKeys, SaStatus } from './inspection.ts';

const replayWindow = 64;
const udpHeaderLength = 8;
const largestUdpPayload = 65_507;
/** Next header of a dummy packet, discarded without a word (RFC 4303 2.6). */
const noNextHeader = 59;

interface InstalledPair {
  pair: SaPair;
  readonly path: string;
  readonly inbound: Sa;
  readonly outbound: Sa;
  /** Outer addresses when the pair was negotiated: what NAT-OA told the peer that checksums are over. */
  readonly original: AddressPair;
  sent: boolean;
  received: boolean;
}

/** A UDP datagram that came out of an SA. */
export interface InnerDatagram {
  /** With the inner port. */
  readonly source: L2tpPeer;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

/**
 * The installed SA pairs, and UDP datagrams going through them in transport mode. IKE says whose a pair
 * is by its *path* (`ike/path.ts`): L2TP speaks to paths, so that clients with equal inner addresses,
 * ports and tunnel ids never mix.
 */
export class EspTransport {
  readonly #random: RandomSource;
  readonly #role: 'client' | 'responder';
  readonly #byInboundSpi = new Map<number, InstalledPair>();
  readonly #pool = new Uint8Array(espHeadroom + udpHeaderLength + largestUdpPayload + espTailroom);

  constructor(role: 'client' | 'responder', random: RandomSource) {
    this.#role = role;
    this.#random = random;
  }

  get size(): number {
    return this.#byInboundSpi.size;
  }

  status(): SaStatus[] {
    return [...this.#byInboundSpi.values()].flatMap((sa) => [statusOf(sa, 'in'), statusOf(sa, 'out')]);
  }

  keys(): EspKeys[] {
    return [...this.#byInboundSpi.values()].flatMap(({ pair: { inbound, outbound, local, peer } }) => [
      { source: peer.ip, destination: local.ip, ...inbound },
      { source: local.ip, destination: peer.ip, ...outbound },
    ]);
  }

  /** Puts a negotiated pair to work. The newest pair of a path carries what is sent. */
  install(pair: SaPair, path: string): void {
    this.#byInboundSpi.delete(pair.inbound.spi);
    this.#byInboundSpi.set(pair.inbound.spi, {
      pair,
      path,
      inbound: createSa(pair.inbound, replayWindow),
      outbound: createSa(pair.outbound, replayWindow),
      original: { source: pair.local.ip, destination: pair.peer.ip },
      sent: false,
      received: false,
    });
  }

  /** Forgets a pair. Gives the path when that was the last SA that served it. */
  remove(inboundSpi: number): string | undefined {
    const removed = this.#byInboundSpi.get(inboundSpi);
    this.#byInboundSpi.delete(inboundSpi);
    if (removed === undefined || this.#newest(removed.path) !== undefined) return undefined;
    return removed.path;
  }

  /** The inbound SPI of the pair that carries what is sent on a path. */
  newestSpi(path: string): number | undefined {
    return this.#newest(path)?.pair.inbound.spi;
  }

  /** IKE saw the peer of a path at another address (RFC 3947 7): packets follow it. */
  move(path: string, to: UdpAddress): void {
    for (const sa of this.#byInboundSpi.values()) {
      if (sa.path === path) sa.pair = { ...sa.pair, peer: to };
    }
  }

  /** Sends a UDP datagram through the newest SA of a path; a datagram that its selectors do not cover is dropped. */
  send(path: string, sourcePort: number, destinationPort: number, payload: Uint8Array): EndpointEffect[] {
    const sa = this.#newest(path);
    if (sa === undefined) return [droppedFrom(undefined, 'no-ipsec-policy', `no SA for ${path}`)];
    const { pair } = sa;
    if (!covers(pair.localSelector, sourcePort) || !covers(pair.peerSelector, destinationPort)) {
      return [
        refused(sa, 'no-ipsec-policy', `UDP ${sourcePort} -> ${destinationPort} is outside the selectors`),
      ];
    }
    const { original } = sa;
    const length = writeUdp(this.#pool, espHeadroom, { sourcePort, destinationPort, payload }, original);
    const iv = this.#random(sa.outbound.ivLength);
    const sealed = seal(sa.outbound, this.#pool, espHeadroom, length, protocolUdp, iv);
    if (sealed === 'sequence-exhausted') {
      return [refused(sa, 'unexpected', 'the sequence numbers of the outbound SA are used up')];
    }
    const packet = this.#pool.slice(sealed.offset, sealed.offset + sealed.length);
    const effects: EndpointEffect[] = [
      pair.encapsulation === 'udp'
        ? {
            effect: 'send-udp',
            local: pair.local,
            peer: pair.peer,
            payload: joinIkePort(pair.local.port, { kind: 'esp', packet }),
          }
        : { effect: 'send-esp', local: pair.local.ip, peer: pair.peer.ip, payload: packet },
    ];
    if (!sa.sent) {
      sa.sent = true;
      effects.push(about(sa, { fact: 'esp-sent', spi: pair.outbound.spi }));
    }
    return effects;
  }

  /**
   * Takes an ESP packet apart and gives the UDP datagram inside it, or says why not. The effects
   * hold the fact of the first packet of an SA, or of the drop. `strayed` is the SPI of an SA whose newest
   * packet yet is authentic and in UDP from another place than its peer's: IKE decides whether that moved.
   */
  receive(
    esp: Uint8Array,
    from: UdpAddress,
  ): { datagram: InnerDatagram | undefined; effects: EndpointEffect[]; strayed?: number } {
    const spi = espSpi(esp, 0, esp.length);
    const sa = spi === undefined ? undefined : this.#byInboundSpi.get(spi);
    const nothing = (effect: EndpointEffect) => ({ datagram: undefined, effects: [effect] });
    if (sa === undefined) {
      return nothing(droppedFrom(from, 'unknown-spi', `SPI ${spi?.toString(16) ?? 'cut short'}`));
    }
    if (esp.length > this.#pool.length) return nothing(refused(sa, 'malformed', `${esp.length} octets`));
    this.#pool.set(esp);
    const newest = sequenceNumber(sa.inbound.record);
    const opened = open(sa.inbound, this.#pool, 0, esp.length);
    if (typeof opened === 'string') {
      return nothing(
        refused(sa, opened, `SPI ${sa.pair.inbound.spi.toString(16)} from ${udpAddressText(from)}`),
      );
    }

    const { pair, inbound } = sa;
    // An older one that was overtaken on the way says where the peer was, not where it is.
    const moves = pair.encapsulation === 'udp' && from.port !== 0 && !sameUdpAddress(from, pair.peer);
    const strayed =
      moves && sequenceNumber(inbound.record) > newest ? { strayed: pair.inbound.spi } : undefined;

    const effects: EndpointEffect[] = [];
    if (!sa.received) {
      sa.received = true;
      effects.push(about(sa, { fact: 'esp-received', spi: sa.pair.inbound.spi }));
    }
    if (opened.nextHeader === noNextHeader) return { datagram: undefined, effects, ...strayed };
    if (opened.nextHeader !== protocolUdp) {
      effects.push(refused(sa, 'unexpected', `IP protocol ${opened.nextHeader} inside ESP`));
      return { datagram: undefined, effects, ...strayed };
    }
    const datagram = this.#innerDatagram(sa, opened.offset, opened.length);
    if (typeof datagram === 'string') {
      effects.push(refused(sa, datagram, 'UDP inside ESP'));
      return { datagram: undefined, effects, ...strayed };
    }
    return { datagram, effects, ...strayed };
  }

  #innerDatagram(sa: InstalledPair, offset: number, length: number): InnerDatagram | DropReason {
    const udp = parseUdp(this.#pool.subarray(offset, offset + length));
    if (!udp.ok) return 'malformed';
    const { sourcePort, destinationPort } = udp.value;
    const { pair } = sa;
    const seen = { source: pair.peer.ip, destination: pair.local.ip };
    if (pair.encapsulation === 'udp') {
      repairTransportChecksum(this.#pool, offset, length, protocolUdp, seen, this.#originalAddresses(pair));
    }
    if (!transportChecksumHolds(seen, protocolUdp, this.#pool, offset, length)) return 'bad-checksum';
    // What came through an SA must be what the SA was negotiated for (RFC 4301 5.2 step 4).
    if (!covers(pair.peerSelector, sourcePort) || !covers(pair.localSelector, destinationPort))
      return 'no-ipsec-policy';
    return {
      source: { path: sa.path, spi: pair.inbound.spi, address: { ip: pair.peer.ip, port: sourcePort } },
      destinationPort,
      payload: udp.value.payload.slice(),
    };
  }

  /**
   * The addresses over which the sender computed its checksum, where NAT-OA named both (RFC 3947 5.2).
   * A peer of draft 02 names one at most, and Windows none unless it is itself behind NAT: then the
   * checksum cannot be repaired and is taken as absent, which RFC 3948 3.1.2 allows for UDP.
   */
  #originalAddresses(pair: SaPair): AddressPair | undefined {
    const { initiator, responder } = pair.natOriginal ?? {};
    if (initiator === undefined || responder === undefined) return undefined;
    return this.#role === 'responder'
      ? { source: initiator, destination: responder }
      : { source: responder, destination: initiator };
  }

  #newest(path: string): InstalledPair | undefined {
    let newest: InstalledPair | undefined;
    for (const sa of this.#byInboundSpi.values()) if (sa.path === path) newest = sa;
    return newest;
  }
}

function covers(selector: { readonly port: number }, port: number): boolean {
  return selector.port === 0 || selector.port === port;
}

function statusOf({ path, pair, ...sas }: InstalledPair, direction: 'in' | 'out'): SaStatus {
  const which = ({ in: 'inbound', out: 'outbound' } as const)[direction];
  const { spi, algorithms } = pair[which];
  const { record } = sas[which];
  const { encapsulation } = pair;
  const [packets, octets] = [counter(record, 'packets'), counter(record, 'octets')];
  return { path, direction, spi, algorithms, encapsulation, packets, octets };
}

function about({ path, pair: { peer } }: InstalledPair, fact: Fact): EndpointEffect {
  return { effect: 'fact', path, peer, fact };
}

/** The fact that a packet of an SA went no further. */
function refused(sa: InstalledPair, reason: DropReason, detail: string): EndpointEffect {
  return about(sa, { fact: 'packet-dropped', reason, detail });
}

/** The fact that a packet of nobody in particular went no further. */
export function droppedFrom(
  peer: UdpAddress | undefined,
  reason: DropReason,
  detail: string,
): EndpointEffect {
  return { effect: 'fact', peer, fact: { fact: 'packet-dropped', reason, detail } };
}
