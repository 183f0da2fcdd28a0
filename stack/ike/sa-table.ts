import type { Instant, RandomSource } from '../engine.ts';
import { cookieLength } from '../isakmp/header.ts';
import { equalOctets, hex } from '../octets.ts';
import type { SaPair } from '../sa.ts';
import type { IkeConfig } from './config.ts';
import type { Ends, Exchange } from './exchange.ts';
import type { Cookies, Established, MainModeState } from './main-mode.ts';
import type { QuickModeState } from './quick-mode.ts';

/** An ISAKMP SA, from its first message on. */
export interface IsakmpSa extends Cookies {
  readonly role: 'initiator' | 'responder';
  /** Whose SA it is (`path.ts`): its own until it is established, then perhaps that of an earlier one. */
  path: string;
  /** All zeros at an initiator until message 2 tells it. */
  responderCookie: Uint8Array;
  /** Where the peer was seen last, and by which own address. */
  ends: Ends;
  readonly mainMode: Exchange;
  state: MainModeState;
  /** A message of main mode was refused, and that was told. */
  refused: boolean;
  readonly quickModes: Map<number, QuickMode>;
  /** Message ids of both sides that are spent: one that comes again is a replay. */
  readonly usedMessageIds: Set<number>;
  /** End of the lifetime, or of the patience with a half-open one. */
  expiresAt: Instant | undefined;
  keepaliveDue: Instant | undefined;
}

export interface QuickMode {
  readonly exchange: Exchange;
  state: QuickModeState;
  /** When a finished one need not answer repetitions any more. */
  forgetAt: Instant | undefined;
}

/** An installed pair of ESP SAs and the ISAKMP SA that made it. */
export interface ChildSa {
  readonly pair: SaPair;
  parent: IsakmpSa;
  readonly expiresAt: Instant;
}

/** What the parts of one engine share. */
export interface IkeState {
  readonly config: IkeConfig;
  readonly random: RandomSource;
  readonly table: SaTable;
}

export const noCookie = new Uint8Array(cookieLength);

/** All SAs of one engine: ISAKMP SAs by their cookies, ESP SAs by the SPI under which they receive. */
export class SaTable {
  readonly #byCookies = new Map<string, IsakmpSa>();
  readonly children = new Map<number, ChildSa>();

  get all(): readonly IsakmpSa[] {
    return [...this.#byCookies.values()];
  }

  get established(): readonly EstablishedSa[] {
    return this.all.filter(isEstablished);
  }

  get halfOpen(): number {
    return this.all.filter((sa) => sa.state.at !== 'established').length;
  }

  add(sa: IsakmpSa): void {
    this.#byCookies.set(keyOf(sa), sa);
  }

  /** Files an initiator's SA under the responder's cookie as well, once that is known. */
  learnResponderCookie(sa: IsakmpSa, responderCookie: Uint8Array): void {
    this.#byCookies.delete(keyOf(sa));
    sa.responderCookie = responderCookie.slice();
    this.add(sa);
  }

  delete(sa: IsakmpSa): void {
    this.#byCookies.delete(keyOf(sa));
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
    return this.all.find(
      (sa) => equalOctets(sa.initiatorCookie, initiatorCookie) && sa.mainMode.hasReceived(message1),
    );
  }

  /** Another established SA with the same peer, which can look after a departing one's children. */
  heirOf(departing: IsakmpSa): EstablishedSa | undefined {
    return this.established.find((sa) => sa !== departing && sa.path === departing.path);
  }

  childrenOf(sa: IsakmpSa): readonly ChildSa[] {
    return [...this.children.values()].filter((child) => child.parent === sa);
  }
}

export type EstablishedSa = IsakmpSa & { state: Established };

export function isEstablished(sa: IsakmpSa): sa is EstablishedSa {
  return sa.state.at === 'established';
}

function keyOf({ initiatorCookie, responderCookie }: Cookies): string {
  return hex(initiatorCookie) + hex(responderCookie);
}
