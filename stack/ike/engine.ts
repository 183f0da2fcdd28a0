import type { UdpAddress } from '../address.ts';
import { earliest } from '../deadline.ts';
import type { Engine, Instant, RandomSource } from '../engine.ts';
import { dropped, onPath } from '../fact.ts';
import { ExchangeType } from '../isakmp/exchange-type.ts';
import { decodeHeader } from '../isakmp/header.ts';
import type { IkeConfig } from './config.ts';
import { failed, type IkeEffect } from './effect.ts';
import type { Ends } from './exchange.ts';
import { receiveInformational } from './informational-exchange.ts';
import { dial, receiveMainMode } from './main-mode-exchange.ts';
import { beginQuickMode, receiveQuickMode } from './quick-mode-exchange.ts';
import { follow } from './received.ts';
import { removeChild, removeIsakmpSa } from './removal.ts';
import { type IkeState, type IsakmpSa, isEstablished, type QuickMode, SaTable } from './sa-table.ts';

/**
 * IKEv1 with pre-shared keys (RFC 2409): main mode, quick mode for ESP in transport mode without PFS,
 * informational exchanges, NAT traversal (RFC 3947, draft-02). As initiator it dials one peer; as
 * responder it serves any number, told apart by cookies and SPIs, never by address alone.
 */
export class IkeEngine implements Engine<IkeEffect> {
  readonly #state: IkeState;

  constructor(config: IkeConfig, random: RandomSource) {
    this.#state = { config, random, table: new SaTable() };
  }

  /** Initiator: starts main mode; quick mode follows by itself. Both ports are 500 to begin with. */
  connect(local: UdpAddress, peer: UdpAddress, now: Instant): IkeEffect[] {
    return dial(this.#state, { local, peer }, now);
  }

  /** Initiator: one more quick mode under the newest established ISAKMP SA; nothing where there is none. */
  requestQuickMode(now: Instant): IkeEffect[] {
    const sa = this.#state.table.established.at(-1);
    return sa === undefined ? [] : onPath(sa.path, beginQuickMode(this.#state, sa, now));
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
    switch (header.value.exchangeType) {
      case ExchangeType.identityProtection:
        return receiveMainMode(this.#state, received, header.value, now);
      case ExchangeType.quickMode:
        return receiveQuickMode(this.#state, received, header.value, now);
      case ExchangeType.informational:
        return receiveInformational(this.#state, received, header.value, now);
      default:
        return dropped('unexpected', `exchange type ${header.value.exchangeType}`);
    }
  }

  /** Takes one pair of ESP SAs away by local wish; an unknown SPI is no matter. */
  removeSa(inboundSpi: number, _now: Instant): IkeEffect[] {
    const child = this.#state.table.children.get(inboundSpi);
    return child === undefined ? [] : removeChild(this.#state, child, 'local', 'asked for');
  }

  /** Takes everything away: deletes for phase 2, then for phase 1, as configured. */
  close(_now: Instant): IkeEffect[] {
    return this.#state.table.all.flatMap((sa) => removeIsakmpSa(this.#state, sa, 'local', 'asked for'));
  }

  /**
   * An authentic ESP packet of an installed SA, the newest one so far, came from `peer` to `local`: a peer
   * that moved is followed. An unknown SPI is no matter.
   */
  peerSeen(inboundSpi: number, ends: Ends, _now: Instant): IkeEffect[] {
    const child = this.#state.table.children.get(inboundSpi);
    return child === undefined ? [] : follow(this.#state, child.parent, ends);
  }

  /** Where the peer of an installed SA was seen last. */
  peerOfSa(inboundSpi: number): UdpAddress | undefined {
    return this.#state.table.children.get(inboundSpi)?.parent.ends.peer;
  }

  /** Where the peer of a path was seen last; `undefined` once nothing is left of it. */
  peerOnPath(path: string): UdpAddress | undefined {
    return this.#state.table.all.findLast((sa) => sa.path === path)?.ends.peer;
  }

  /** The cipher keys of all ISAKMP SAs that have one, those of phase 1 under way among them. */
  keys(): { readonly initiatorCookie: Uint8Array; readonly key: Uint8Array }[] {
    return this.#state.table.all.flatMap(({ initiatorCookie, state }) =>
      'keys' in state ? [{ initiatorCookie, key: state.keys.encryptionKey }] : [],
    );
  }

  /** What is alive. `halfOpen` are the main modes that are not complete. */
  summary(): { phase1: number; halfOpen: number; phase2: number } {
    const { all, halfOpen, children } = this.#state.table;
    return { phase1: all.length - halfOpen, halfOpen, phase2: children.size };
  }

  deadline(): Instant | undefined {
    const { table } = this.#state;
    return earliest([
      ...table.all.flatMap((sa) => [
        sa.mainMode.deadline,
        sa.expiresAt,
        sa.keepaliveDue,
        ...[...sa.quickModes.values()].flatMap((quick) => [quick.exchange.deadline, quick.forgetAt]),
      ]),
      ...[...table.children.values()].map((child) => child.expiresAt),
    ]);
  }

  tick(now: Instant): IkeEffect[] {
    const { table } = this.#state;
    const expired = [...table.children.values()].filter((child) => child.expiresAt <= now);
    return [
      ...expired.flatMap((child) => removeChild(this.#state, child, 'timeout', 'lifetime over')),
      ...table.all.flatMap((sa) => onPath(sa.path, this.#tickSa(sa, now))),
    ];
  }

  #tickSa(sa: IsakmpSa, now: Instant): IkeEffect[] {
    if (sa.expiresAt !== undefined && sa.expiresAt <= now) {
      const patienceOver = !isEstablished(sa) && !sa.refused;
      return [
        ...(patienceOver ? failed(1, 'no-answer', 'the initiator did not go on') : []),
        ...removeIsakmpSa(this.#state, sa, 'timeout', 'lifetime over'),
      ];
    }
    const repeated = sa.mainMode.tick(now, sa.ends);
    if (repeated === 'gave-up') {
      this.#state.table.delete(sa);
      return failed(1, 'no-answer', 'main mode stayed unanswered');
    }
    return [
      ...repeated,
      ...[...sa.quickModes].flatMap(([messageId, quick]) => this.#tickQuickMode(sa, messageId, quick, now)),
      ...this.#keepalive(sa, now),
    ];
  }

  #tickQuickMode(sa: IsakmpSa, messageId: number, quick: QuickMode, now: Instant): IkeEffect[] {
    if (quick.forgetAt !== undefined && quick.forgetAt <= now) {
      sa.quickModes.delete(messageId);
      return [];
    }
    const repeated = quick.exchange.tick(now, sa.ends);
    if (repeated !== 'gave-up') return repeated;
    sa.quickModes.delete(messageId);
    return failed(2, 'no-answer', 'quick mode stayed unanswered');
  }

  /** RFC 3948 4, from the side that is behind NAT. */
  #keepalive(sa: IsakmpSa, now: Instant): IkeEffect[] {
    if (sa.keepaliveDue === undefined || sa.keepaliveDue > now) return [];
    sa.keepaliveDue = now + this.#state.config.keepaliveSeconds * 1000;
    return [{ effect: 'send-keepalive', ...sa.ends }];
  }
}
