import { sameUdpAddress, type UdpAddress, udpAddressText } from '../address.ts';
import type { RandomSource } from '../engine.ts';
import {
  espHeadroom,
  espSpi,
  espTailroom,
  lastSequenceNumber,
  noNextHeader,
  open,
  requireReplayWindow,
  seal,
} from '../esp/packet.ts';
import { sequenceNumber } from '../esp/record.ts';
import type { DropReason } from '../fact.ts';
import type { EspTraffic } from '../ike/rekey.ts';
import type { AddressPair } from '../ip/checksum.ts';
import type { L2tpPeer } from '../l2tp/config.ts';
import { joinIkePort } from '../nat-traversal/datagram.ts';
import { copied } from '../octets.ts';
import type { SaPair } from '../sa.ts';
import type { EndpointEffect } from './config.ts';
import { innerHeadersLength, outsideSelectors, readInner, writeInner } from './inner-datagram.ts';
import type { EspKeys, SaStatus } from './inspection.ts';
import { about, expectedPair, type InstalledPair, refused, statusOf } from './installed-pair.ts';

/** Packets; what RFC 4303 3.4.3 wants as the default. */
const defaultReplayWindow = 64;
const largestUdpPayload = 65_507;
const aroundPayload = espHeadroom + innerHeadersLength + espTailroom;
/** Octets; packets of an Ethernet fit. */
const usualPool = 2048;
/** Sequence numbers left when a replacement of the SA is due: a quick mode takes less than these take to send. */
const scarceSequenceNumbers = 2 ** 28;

/** What became of a datagram to be sent. */
export interface SentDatagram {
  readonly effects: EndpointEffect[];
  /**
   * The SA that has to be replaced: its sequence numbers are nearly used up (`scarce`, told once), or there are
   * none left and the SA must end (`spent`), since they never cycle (RFC 4303 3.3.3).
   */
  readonly worn?: { readonly inboundSpi: number; readonly sequenceNumbers: 'scarce' | 'spent' };
}

/** A UDP datagram that came out of an SA. */
export interface InnerDatagram {
  /** With the inner port. */
  readonly source: L2tpPeer;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

/**
 * The installed SA pairs, and UDP datagrams going through them. IKE says whose a pair
 * is by its *path* (`ike/path.ts`): L2TP speaks to paths, so that clients with equal inner addresses,
 * ports and tunnel ids never mix.
 */
export class EspTransport {
  readonly #random: RandomSource;
  readonly #role: 'client' | 'responder';
  readonly #byInboundSpi = new Map<number, InstalledPair>();
  readonly #traffic = new Map<number, EspTraffic>();
  readonly #replayWindow: number;
  readonly #omitsUdpChecksums: boolean;
  /** Where packets are sealed and opened; as large as the largest that came yet, and never small. */
  #pool = new Uint8Array(usualPool);

  /** Throws a RangeError on a replay window that no SA can have. */
  constructor(
    role: 'client' | 'responder',
    random: RandomSource,
    replayWindow = defaultReplayWindow,
    omitsUdpChecksums = false,
  ) {
    requireReplayWindow(replayWindow);
    this.#role = role;
    this.#random = random;
    this.#replayWindow = replayWindow;
    this.#omitsUdpChecksums = omitsUdpChecksums;
  }

  /** How many pairs are installed. */
  get size(): number {
    return [...this.#byInboundSpi.values()].filter(({ installed }) => installed).length;
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

  /** Takes what comes under a negotiated pair although it is not installed yet: its peer may be ahead of this end. */
  expect(pair: SaPair, path: string): void {
    this.#byInboundSpi.delete(pair.inbound.spi);
    this.#byInboundSpi.set(pair.inbound.spi, expectedPair(pair, path, this.#replayWindow));
  }

  /**
   * Puts a negotiated pair to work: it receives from now on, and sends once it is used, or where no other is. What
   * came under one that was expected has been counted.
   */
  install(pair: SaPair, path: string): void {
    const { spi } = pair.inbound;
    if (this.#byInboundSpi.get(spi)?.installed !== false) this.expect(pair, path);
    const sa = this.#byInboundSpi.get(spi);
    if (sa === undefined) return;
    this.#byInboundSpi.delete(spi);
    this.#byInboundSpi.set(spi, Object.assign(sa, { pair, installed: true }));
  }

  /** From now on what is sent on its path goes through this pair. */
  use(inboundSpi: number): void {
    const sa = this.#byInboundSpi.get(inboundSpi);
    if (sa === undefined) return;
    sa.used = true;
    this.#byInboundSpi.delete(inboundSpi);
    this.#byInboundSpi.set(inboundSpi, sa);
  }

  remove(inboundSpi: number): void {
    this.#byInboundSpi.delete(inboundSpi);
  }

  /** What pairs carried since this was asked last, in octets inside ESP. */
  traffic(): EspTraffic[] {
    const traffic = [...this.#traffic.values()];
    this.#traffic.clear();
    return traffic;
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
  send(path: string, sourcePort: number, destinationPort: number, payload: Uint8Array): SentDatagram {
    const sa = this.#newest(path);
    if (sa === undefined) {
      return { effects: [droppedFrom(undefined, 'no-ipsec-policy', `no SA for ${path}`)] };
    }
    const { pair, outbound } = sa;
    const datagram = { sourcePort, destinationPort, payload };
    const outside = outsideSelectors(pair, datagram);
    if (outside !== undefined) return { effects: [refused(sa, 'out', outside)] };
    const checksumOver = this.#omitsUdpChecksums ? undefined : sa.original;
    this.#widen(aroundPayload + payload.length);
    const inner = writeInner(this.#pool, espHeadroom, pair, checksumOver, datagram);
    const iv = this.#random(outbound.drawnIvLength);
    const sealed = seal(outbound, this.#pool, espHeadroom, inner.length, inner.nextHeader, iv);
    const inboundSpi = pair.inbound.spi;
    if (sealed === 'sequence-exhausted') {
      const detail = `SPI ${pair.outbound.spi.toString(16)} has no sequence number left (RFC 4303 3.3.3)`;
      return {
        effects: [refused(sa, 'out', { reason: 'sequence-exhausted', detail })],
        worn: { inboundSpi, sequenceNumbers: 'spent' },
      };
    }
    this.#carried(sa, inner.length, 0);
    const packet = copied(this.#pool.subarray(sealed.offset, sealed.offset + sealed.length));
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
    const left = lastSequenceNumber(outbound) - sequenceNumber(outbound.record);
    if (sa.scarce || left > scarceSequenceNumbers) return { effects };
    sa.scarce = true;
    return { effects, worn: { inboundSpi, sequenceNumbers: 'scarce' } };
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
    if (esp.length > aroundPayload + largestUdpPayload) {
      return nothing(refused(sa, 'in', { reason: 'malformed', detail: `${esp.length} octets` }));
    }
    this.#widen(esp.length);
    this.#pool.set(esp);
    const newest = sequenceNumber(sa.inbound.record);
    const opened = open(sa.inbound, this.#pool, 0, esp.length);
    if (typeof opened === 'string') {
      const detail = `SPI ${sa.pair.inbound.spi.toString(16)} from ${udpAddressText(from)}`;
      return nothing(about(sa, { fact: 'packet-dropped', reason: opened, detail }));
    }

    this.#carried(sa, 0, opened.length);
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
    const arrived = readInner(this.#pool, opened, pair, this.#originalAddresses(pair));
    if ('reason' in arrived) {
      effects.push(refused(sa, 'in', arrived));
      return { datagram: undefined, effects, ...strayed };
    }
    const { source: address, destinationPort, payload } = arrived;
    const source = { path: sa.path, spi: pair.inbound.spi, address };
    return { datagram: { source, destinationPort, payload }, effects, ...strayed };
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

  /** The pair that sends on a path: the one used last, or the newest where none is yet. */
  #newest(path: string): InstalledPair | undefined {
    let newest: InstalledPair | undefined;
    for (const sa of this.#byInboundSpi.values()) {
      if (sa.path === path && (sa.used || newest?.used !== true)) newest = sa;
    }
    return newest;
  }

  #widen(octets: number): void {
    if (octets > this.#pool.length) this.#pool = new Uint8Array(octets);
  }

  #carried({ pair }: InstalledPair, sentOctets: number, receivedOctets: number): void {
    const { spi: inboundSpi } = pair.inbound;
    const before = this.#traffic.get(inboundSpi);
    this.#traffic.set(inboundSpi, {
      inboundSpi,
      sentOctets: sentOctets + (before?.sentOctets ?? 0),
      receivedOctets: receivedOctets + (before?.receivedOctets ?? 0),
    });
  }
}

/** The fact that a packet of nobody in particular went no further. */
export function droppedFrom(
  peer: UdpAddress | undefined,
  reason: DropReason,
  detail: string,
): EndpointEffect {
  return { effect: 'fact', peer, fact: { fact: 'packet-dropped', reason, detail } };
}
