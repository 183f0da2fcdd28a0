import type { Instant, RandomSource } from '../engine.ts';
import { cookieLength } from '../isakmp/header.ts';
import { hex } from '../octets.ts';
import type { SaPair, TrafficSelector } from '../sa.ts';
import type { IkeConfig, IkeInitiatorConfig } from './config.ts';
import type { PeerWatch } from './dpd.ts';
import type { Ends, Exchange } from './exchange.ts';
import { Allowance } from './half-open.ts';
import type { Lifetime } from './lifetime.ts';
import type { Cookies, Established, Phase1State } from './phase1.ts';
import type { QuickModeState } from './quick-mode.ts';
import type { Roles } from './roles.ts';

/** An ISAKMP SA, from its first message on. */
export interface IsakmpSa extends Cookies {
  /** Who began this main mode: either end may, whoever began the connection. */
  readonly role: 'initiator' | 'responder';
  /** What this end puts it in the place of; `undefined` where it begins a connection, or the peer began it. */
  readonly renewal: Renewal | undefined;
  /** Whose SA it is (`path.ts`): its own until it is established, then perhaps that of an earlier one. */
  path: string;
  /** All zeros at an initiator until message 2 tells it. */
  responderCookie: Uint8Array;
  /** Where the peer was seen last, and by which own address. */
  ends: Ends;
  /** It announced that it puts fragments together ([MS-IKEE] 3.3). */
  peerAssembles?: true;
  readonly phase1Exchange: Exchange;
  state: Phase1State;
  /** A message of main mode was refused, and that was told. */
  refused: boolean;
  /** How many messages of main mode did not do. */
  failures: number;
  readonly quickModes: Map<number, QuickMode>;
  /** Message ids of both sides that are spent: one that comes again is a replay. */
  readonly usedMessageIds: Set<number>;
  /** When it was begun. */
  readonly begunAt: Instant;
  /** End of the patience with a half-open one. */
  expiresAt: Instant | undefined;
  /** Once it is established. */
  lifetime: Lifetime | undefined;
  /** When a completed main mode need not answer repetitions any more. */
  forgetAt: Instant | undefined;
  readonly watch: PeerWatch;
  keepaliveDue: Instant | undefined;
}

/** Main mode that replaces the ISAKMP SAs of a path. */
export interface Renewal {
  readonly path: string;
  readonly replaced: readonly IsakmpSa[];
}

export interface QuickMode {
  /** Who began it, whoever began the main mode above it. */
  readonly role: 'initiator' | 'responder';
  readonly exchange: Exchange;
  state: QuickModeState;
  /** What this end offers in it and for which traffic, where it began it. */
  readonly config: IkeInitiatorConfig;
  readonly selectors: { readonly own: TrafficSelector; readonly other: TrafficSelector } | undefined;
  /** The pairs that it replaces, where this end began it for that. */
  readonly replaced: readonly ChildSa[];
  /** The peer set the commit bit: its CONNECTED has to come before the SA is used (RFC 2408 3.1). */
  awaitsConnected: boolean;
  /** When a finished one need not answer repetitions any more. */
  forgetAt: Instant | undefined;
}

/** An installed pair of ESP SAs and the ISAKMP SA that made it. */
export interface ChildSa {
  readonly pair: SaPair;
  /** The newest ISAKMP SA with its peer; a dead one where none is left. */
  parent: EstablishedSa;
  readonly lifetime: Lifetime;
  /** `waiting`: it receives, and an older pair still sends. */
  use: 'waiting' | 'in-use';
  /** When a waiting one is used without further proof that the peer has it. */
  useAt: Instant | undefined;
}

/** What the parts of one engine share. */
export interface IkeState {
  readonly config: IkeConfig;
  readonly roles: Roles;
  readonly random: RandomSource;
  readonly table: SaTable;
}

export const noCookie = new Uint8Array(cookieLength);

/** All SAs of one engine: ISAKMP SAs by their cookies, ESP SAs by the SPI under which they receive. */
export class SaTable {
  readonly #byCookies = new Map<string, IsakmpSa>();
  readonly #byInitiatorCookie = new Map<string, Set<IsakmpSa>>();
  readonly #halfOpen = new Set<IsakmpSa>();
  readonly #established = new Set<EstablishedSa>();
  readonly children = new Map<number, ChildSa>();
  /** Key exchanges with addresses that nothing has proved (`half-open.ts`). */
  readonly unproved = new Allowance(16, 4);
  /** Paths that lost a pair of ESP SAs, and perhaps their last. */
  readonly bereft = new Set<string>();

  get all(): readonly IsakmpSa[] {
    return [...this.#byCookies.values()];
  }

  /** In the order in which they were established. */
  get established(): readonly EstablishedSa[] {
    return [...this.#established];
  }

  /** Main and aggressive modes that are not complete, in the order in which they began. */
  get halfOpen(): ReadonlySet<IsakmpSa> {
    return this.#halfOpen;
  }

  add(sa: IsakmpSa): void {
    this.#byCookies.set(keyOf(sa), sa);
    const cookie = hex(sa.initiatorCookie);
    this.#byInitiatorCookie.set(cookie, (this.#byInitiatorCookie.get(cookie) ?? new Set()).add(sa));
    if (!isEstablished(sa)) this.#halfOpen.add(sa);
  }

  /** Phase 1 is complete: the newest of a path looks after it. */
  establish(sa: EstablishedSa): void {
    this.#halfOpen.delete(sa);
    this.#established.add(sa);
  }

  /** Files an initiator's SA under the responder's cookie as well, once that is known. */
  learnResponderCookie(sa: IsakmpSa, responderCookie: Uint8Array): void {
    this.#byCookies.delete(keyOf(sa));
    sa.responderCookie = responderCookie.slice();
    this.add(sa);
  }

  delete(sa: IsakmpSa): void {
    this.#byCookies.delete(keyOf(sa));
    this.#halfOpen.delete(sa);
    if (isEstablished(sa)) this.#established.delete(sa);
    const cookie = hex(sa.initiatorCookie);
    const same = this.#byInitiatorCookie.get(cookie);
    same?.delete(sa);
    if (same?.size === 0) this.#byInitiatorCookie.delete(cookie);
  }

  has(sa: IsakmpSa): boolean {
    return this.#byCookies.get(keyOf(sa)) === sa;
  }

  find(cookies: Cookies): IsakmpSa | undefined {
    return this.#byCookies.get(keyOf(cookies));
  }

  /** An initiator's SA that does not know the responder's cookie yet. */
  findAwaitingMessage2(initiatorCookie: Uint8Array): IsakmpSa | undefined {
    return this.find({ initiatorCookie, responderCookie: noCookie });
  }

  /** The SA that this very message 1 has opened before. */
  findOpenedBy(initiatorCookie: Uint8Array, message1: Uint8Array): IsakmpSa | undefined {
    const begun = this.#byInitiatorCookie.get(hex(initiatorCookie)) ?? [];
    return [...begun].find((sa) => sa.phase1Exchange.hasReceived(message1));
  }

  /** The established SA that looks after a path. */
  newestOf(path: string): EstablishedSa | undefined {
    return this.established.findLast((sa) => sa.path === path);
  }

  /** Another established SA with the same peer, which can look after a departing one's children. */
  heirOf(departing: IsakmpSa): EstablishedSa | undefined {
    return this.established.findLast((sa) => sa !== departing && sa.path === departing.path);
  }

  childrenOf(sa: IsakmpSa): readonly ChildSa[] {
    return [...this.children.values()].filter((child) => child.parent === sa);
  }

  /** In the order in which they were installed. */
  childrenOn(path: string): readonly ChildSa[] {
    return [...this.children.values()].filter((child) => child.parent.path === path);
  }

  /** Whether a newer pair for the same traffic with the same peer is there. */
  isReplaced(child: ChildSa): boolean {
    return this.childrenOn(child.parent.path).findLast((other) => sameTraffic(other, child)) !== child;
  }
}

/** Whether two pairs are for the same traffic. */
export function sameTraffic({ pair: a }: ChildSa, { pair: b }: ChildSa): boolean {
  return (
    sameSelector(a.localSelector, b.localSelector) &&
    sameSelector(a.peerSelector, b.peerSelector) &&
    a.mode === b.mode
  );
}

function sameSelector(a: TrafficSelector, b: TrafficSelector): boolean {
  return a.ip === b.ip && a.protocol === b.protocol && a.port === b.port;
}

export type EstablishedSa = IsakmpSa & { state: Established };

export function isEstablished(sa: IsakmpSa): sa is EstablishedSa {
  return sa.state.at === 'established';
}

function keyOf({ initiatorCookie, responderCookie }: Cookies): string {
  return hex(initiatorCookie) + hex(responderCookie);
}
