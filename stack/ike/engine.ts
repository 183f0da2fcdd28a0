import type { UdpAddress } from '../address.ts';
import type { Engine, Instant, RandomSource } from '../engine.ts';
import { dropped, onPath } from '../fact.ts';
import { ExchangeType } from '../isakmp/exchange-type.ts';
import { decodeHeader, type IsakmpHeader } from '../isakmp/header.ts';
import { PayloadType } from '../isakmp/payload-type.ts';
import type { IkeConfig } from './config.ts';
import type { IkeEffect } from './effect.ts';
import type { Ends } from './exchange.ts';
import { Fragmenter } from './fragmenter.ts';
import { receiveInformational } from './informational-exchange.ts';
import { parentOfExpected } from './installation.ts';
import { pathsGone } from './path-gone.ts';
import { dial, receivePhase1 } from './phase1-exchange.ts';
import { beginQuickMode, receiveQuickMode } from './quick-mode-exchange.ts';
import { follow, type ReceivedDatagram } from './received.ts';
import { carriedByEsp, carriedByIke, type EspTraffic, type WornPair, wornByEsp } from './rekey.ts';
import { removeChild, removeIsakmpSa } from './removal.ts';
import { rolesOf } from './roles.ts';
import { type IkeState, isEstablished, SaTable } from './sa-table.ts';
import { nextTimer, runTimers } from './timers.ts';

/**
 * IKEv1 with pre-shared keys (RFC 2409): main and aggressive mode, quick mode for ESP with and without PFS,
 * informational exchanges, NAT traversal (RFC 3947 and its drafts). As initiator it dials one peer; as
 * responder it serves any number, told apart by cookies and SPIs, never by address alone.
 */
export class IkeEngine implements Engine<IkeEffect> {
  readonly #state: IkeState;
  readonly #fragmenter: Fragmenter;

  constructor(config: IkeConfig, random: RandomSource) {
    this.#state = { config, roles: rolesOf(config), random, table: new SaTable() };
    this.#fragmenter = new Fragmenter(this.#state);
  }

  /** Initiator: starts phase 1; quick mode follows by itself. Both ports are 500 to begin with. */
  connect(local: UdpAddress, peer: UdpAddress, now: Instant): IkeEffect[] {
    if (this.#state.config.role !== 'initiator') return dropped('unexpected', 'a responder does not dial');
    return dial(this.#state, { local, peer }, now);
  }

  /** Initiator: one more quick mode under the newest established ISAKMP SA; nothing where there is none. */
  requestQuickMode(now: Instant): IkeEffect[] {
    const sa = this.#state.table.established.at(-1);
    if (sa === undefined) return [];
    return this.#whole(onPath(sa.path, beginQuickMode(this.#state, sa, now)), now);
  }

  /** A datagram's ISAKMP message, without non-ESP marker. Any octets are fine. */
  receive(
    datagram: { readonly local: UdpAddress; readonly peer: UdpAddress; readonly message: Uint8Array },
    now: Instant,
  ): IkeEffect[] {
    const header = decodeHeader(datagram.message);
    if (!header.ok) return dropped('malformed', `${header.error.field}: ${header.error.detail}`);
    const { local, peer, message: octets } = datagram;
    const received = { ends: { local, peer }, octets };
    const effects = this.#receive(received, header.value, now);
    return this.#whole([...effects, ...this.#count(octets, now)], now);
  }

  #receive(received: ReceivedDatagram, header: IsakmpHeader, now: Instant): IkeEffect[] {
    if (header.nextPayload === PayloadType.fragment) return this.#receiveFragment(received, header, now);
    switch (header.exchangeType) {
      case ExchangeType.identityProtection:
        return receivePhase1(this.#state, 'main-mode', received, header, now);
      case ExchangeType.aggressive:
        return receivePhase1(this.#state, 'aggressive-mode', received, header, now);
      case ExchangeType.quickMode:
        return receiveQuickMode(this.#state, received, header, now);
      case ExchangeType.informational:
        return receiveInformational(this.#state, received, header, now);
      default:
        return dropped('unexpected', `exchange type ${header.exchangeType}`);
    }
  }

  #receiveFragment(received: ReceivedDatagram, fragment: IsakmpHeader, now: Instant): IkeEffect[] {
    const { whole, effects } = this.#fragmenter.assemble(received, fragment, now);
    if (whole === undefined) return effects;
    const { octets, header } = whole;
    return [...effects, ...this.#receive({ ...received, octets }, header, now), ...this.#count(octets, now)];
  }

  /**
   * What pairs of ESP SAs carried since the last report: it wears them, and what was received says that the peer
   * lives. `worn` is a pair whose sequence numbers run out. An unknown SPI is no matter.
   */
  espTraffic(traffic: readonly EspTraffic[], worn: WornPair | undefined, now: Instant): IkeEffect[] {
    const effects = traffic.flatMap((each) => carriedByEsp(this.#state, each, now));
    if (worn !== undefined) effects.push(...wornByEsp(this.#state, worn, now));
    return effects.length === 0 ? effects : this.#whole(effects, now);
  }

  /** Takes one pair of ESP SAs away by local wish; an unknown SPI is no matter. */
  removeSa(inboundSpi: number, now: Instant): IkeEffect[] {
    const child = this.#state.table.children.get(inboundSpi);
    if (child === undefined) return [];
    return this.#whole(removeChild(this.#state, child, 'local', 'asked for'), now);
  }

  /** Takes everything away: deletes for phase 2, then for phase 1, as configured. */
  close(now: Instant): IkeEffect[] {
    const { all, children } = this.#state.table;
    const why = ['local', 'asked for'] as const;
    const effects = [
      ...[...children.values()].flatMap((child) => removeChild(this.#state, child, ...why)),
      ...all.flatMap((sa) => removeIsakmpSa(this.#state, sa, ...why)),
    ];
    return this.#whole(effects, now);
  }

  /**
   * An authentic ESP packet of an installed SA, the newest one so far, came from `peer` to `local`: a peer
   * that moved is followed. An unknown SPI is no matter.
   */
  peerSeen(inboundSpi: number, ends: Ends, _now: Instant): IkeEffect[] {
    const { table } = this.#state;
    const sa = table.children.get(inboundSpi)?.parent ?? parentOfExpected(table, inboundSpi);
    return sa === undefined ? [] : follow(this.#state, sa, ends);
  }

  /** Where the peer of an installed SA was seen last. */
  peerOfSa(inboundSpi: number): UdpAddress | undefined {
    return this.#state.table.children.get(inboundSpi)?.parent.ends.peer;
  }

  /** Where the peer of a path was seen last; `undefined` once nothing is left of it. */
  peerOnPath(path: string): UdpAddress | undefined {
    const { table } = this.#state;
    const sa = table.all.findLast((each) => each.path === path) ?? table.childrenOn(path)[0]?.parent;
    return sa?.ends.peer;
  }

  /** The cipher keys of all ISAKMP SAs that have one, those of phase 1 under way among them. */
  keys(): { readonly initiatorCookie: Uint8Array; readonly key: Uint8Array }[] {
    return this.#state.table.all.flatMap(({ initiatorCookie, state }) =>
      'keys' in state ? [{ initiatorCookie, key: state.keys.encryptionKey }] : [],
    );
  }

  /** What is alive. `halfOpen` are the phase 1 negotiations that are not complete. */
  summary(): { phase1: number; halfOpen: number; phase2: number } {
    const { all, halfOpen, children } = this.#state.table;
    return { phase1: all.length - halfOpen.size, halfOpen: halfOpen.size, phase2: children.size };
  }

  deadline(): Instant | undefined {
    return nextTimer(this.#state);
  }

  tick(now: Instant): IkeEffect[] {
    return this.#whole(runTimers(this.#state, now), now);
  }

  /** What follows from what was done: an ISAKMP SA that is worn by it, a path that nothing carries any more. */
  #whole(effects: readonly IkeEffect[], now: Instant): IkeEffect[] {
    const worn = effects.flatMap((effect) =>
      effect.effect === 'send-ike' ? this.#count(effect.message, now) : [],
    );
    return this.#fragmenter.cut([...effects, ...worn, ...pathsGone(this.#state)]);
  }

  /** An encrypted message of either direction wears its ISAKMP SA. */
  #count(message: Uint8Array, now: Instant): IkeEffect[] {
    const header = decodeHeader(message);
    if (!header.ok || !header.value.flags.encryption) return [];
    const sa = this.#state.table.find(header.value);
    if (sa === undefined || !isEstablished(sa)) return [];
    return onPath(sa.path, carriedByIke(this.#state, sa, message.length, now));
  }
}
