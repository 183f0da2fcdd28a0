import type { Ipv4 } from '../address.ts';
import type { RandomSource } from '../engine.ts';
import type { L2tpPeer, L2tpSessionKey } from '../l2tp/config.ts';
import type { PppServerConfig } from '../ppp/config.ts';
import { PppEngine } from '../ppp/engine.ts';
import { AddressPool } from './address-pool.ts';
import type { ResponderEndpointConfig } from './config.ts';

/** One PPP link with one client. */
export interface Link {
  readonly name: string;
  readonly session: L2tpSessionKey;
  readonly peer: L2tpPeer;
  readonly ppp: PppEngine;
  /** Who is in, once he has authenticated. */
  user: string | undefined;
  /** Taken from the pool or the user's entry, given back when the link goes. */
  allocated: Ipv4 | undefined;
  up: { readonly localAddress: Ipv4; readonly peerAddress: Ipv4 } | undefined;
}

/** ERROR_NO_DIALIN_PERMISSION (RFC 2759 6): of the refusals that it has, the one that says nothing of account or password. */
const noDialInPermission = 649;

/** A responder's PPP links: who is in on each, with which address, and what becomes of a user who comes in twice. */
export class PppLinks {
  readonly #config: ResponderEndpointConfig;
  readonly #random: RandomSource;
  readonly #pool: AddressPool;
  readonly #links = new Map<string, Link>();
  /** Links whose user came in again, and which have not been ended yet. */
  readonly #replaced: Link[] = [];

  constructor(config: ResponderEndpointConfig, random: RandomSource) {
    this.#config = config;
    this.#random = random;
    this.#pool = new AddressPool(config.users, config.pool, config.ppp.localAddress);
  }

  get all(): readonly Link[] {
    return [...this.#links.values()];
  }

  /** Addresses that are given out. */
  get leases(): number {
    return this.#pool.taken;
  }

  of(session: L2tpSessionKey): Link | undefined {
    return this.#links.get(nameOf(session));
  }

  open(session: L2tpSessionKey, peer: L2tpPeer): Link {
    const name = nameOf(session);
    const ppp = new PppEngine(this.#serverConfig(name), this.#random);
    const link: Link = { name, session, peer, ppp, user: undefined, allocated: undefined, up: undefined };
    this.#links.set(name, link);
    return link;
  }

  /** The link is gone, and what it had is free. */
  forget(link: Link): void {
    this.#links.delete(link.name);
    this.#free(link);
  }

  /** The links that have lost their user to a later one since this was asked last: each is to be ended. */
  takeReplaced(): Link[] {
    return this.#replaced.splice(0);
  }

  #serverConfig(name: string): PppServerConfig {
    const { ppp, users, sameUser } = this.#config;
    return {
      role: 'server',
      ...ppp,
      user: (wanted) => {
        const user = users.find((each) => each.name === wanted);
        const isRefused = sameUser === 'oldest' && this.#others(wanted, name).length > 0;
        return user && isRefused ? { ...user, refusal: noDialInPermission } : user;
      },
      allocate: (user) => {
        if (sameUser === 'newest') for (const earlier of this.#others(user, name)) this.#replace(earlier);
        const allocated = this.#pool.allocate(user);
        const link = this.#links.get(name);
        if (link !== undefined) Object.assign(link, { user, allocated });
        return allocated;
      },
    };
  }

  /** Links on which this user is in, but for the one of this name. */
  #others(user: string, name: string): Link[] {
    return this.all.filter((link) => link.user === user && link.name !== name);
  }

  #replace(link: Link): void {
    this.#free(link);
    link.user = undefined;
    this.#replaced.push(link);
  }

  #free(link: Link): void {
    if (link.allocated !== undefined) this.#pool.release(link.allocated);
    link.allocated = undefined;
  }
}

function nameOf(session: L2tpSessionKey): string {
  return `${session.tunnelId}.${session.sessionId}`;
}
