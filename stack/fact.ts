import type { UdpAddress } from './address.ts';
import type { Phase1Transform } from './ike/config.ts';
import type { NatTraversalRevision } from './nat-traversal/revision.ts';
import type { PppAuthentication } from './ppp/config.ts';
import type { EspAlgorithms } from './sa.ts';

/**
 * What happened, told by the engines as it happens. Facts are all the harness learns of a
 * connection from the inside: stages, reasons and chosen proposals are read from them.
 * They carry no key and no secret.
 */
export type Fact =
  | {
      readonly fact: 'ike-message';
      readonly direction: 'sent' | 'received';
      readonly exchange: 'main-mode' | 'aggressive-mode' | 'quick-mode' | 'informational';
      readonly message: number;
      readonly transmission: number;
      readonly messageId: number;
      readonly local: UdpAddress;
      readonly peer: UdpAddress;
    }
  | { readonly fact: 'nat-traversal-chosen'; readonly revision: NatTraversalRevision | 'none' }
  | { readonly fact: 'nat-detected'; readonly localBehindNat: boolean; readonly peerBehindNat: boolean }
  | { readonly fact: 'nat-refused'; readonly rule: 0 | 1 | 2; readonly detail: string }
  | { readonly fact: 'port-floated'; readonly local: UdpAddress; readonly peer: UdpAddress }
  /** An authentic packet of IKE or ESP came from a new mapping of the peer, and is followed (RFC 3947 7). */
  | { readonly fact: 'peer-moved'; readonly from: UdpAddress; readonly to: UdpAddress }
  | { readonly fact: 'phase1-proposal-chosen'; readonly transform: Phase1Transform; readonly offered: number }
  | { readonly fact: 'phase1-established'; readonly peerIdentity: string }
  | { readonly fact: 'phase2-proposal-chosen'; readonly algorithms: EspAlgorithms; readonly offered: number }
  | {
      readonly fact: 'phase2-established';
      readonly inboundSpi: number;
      readonly outboundSpi: number;
      readonly encapsulation: 'none' | 'udp';
    }
  | {
      readonly fact: 'notify';
      readonly direction: 'sent' | 'received';
      readonly notify: string;
      readonly phase: 1 | 2;
      readonly protected: boolean;
    }
  | {
      readonly fact: 'ike-failed';
      readonly phase: 1 | 2;
      readonly reason: IkeFailure;
      readonly detail: string;
    }
  | { readonly fact: 'esp-sent' | 'esp-received'; readonly spi: number }
  | { readonly fact: 'esp-withheld'; readonly detail: string }
  | { readonly fact: 'packet-dropped'; readonly reason: DropReason; readonly detail: string }
  | {
      readonly fact: 'l2tp-message';
      readonly direction: 'sent' | 'received';
      readonly message: string;
      readonly transmission: number;
    }
  | {
      readonly fact: 'l2tp-tunnel-established';
      readonly localTunnelId: number;
      readonly peerTunnelId: number;
      readonly peerHostName: string;
    }
  | {
      readonly fact: 'l2tp-session-established';
      readonly localSessionId: number;
      readonly peerSessionId: number;
    }
  | {
      /** StopCCN or CDN, with its Result Code AVP (RFC 2661 4.4.2) as sent or received; `text` is its Error Message. */
      readonly fact: 'l2tp-ended';
      readonly direction: 'sent' | 'received';
      readonly message: 'StopCCN' | 'CDN';
      readonly result?: number;
      readonly error?: number;
      readonly text?: string;
      /** The same in words. */
      readonly detail: string;
    }
  | { readonly fact: 'l2tp-failed'; readonly reason: 'no-answer' | 'refused'; readonly detail: string }
  | {
      readonly fact: 'lcp-opened';
      readonly authentication: 'none' | PppAuthentication;
      readonly mru: number;
    }
  | { readonly fact: 'ppp-authenticated'; readonly user: string }
  | {
      readonly fact: 'ipcp-opened';
      readonly localAddress: string;
      readonly peerAddress: string;
      readonly dns: readonly string[];
      /** NetBIOS name servers, where the client asked for some and learnt them. */
      readonly wins?: readonly string[];
    }
  /** Interface identifiers in hexadecimal (RFC 5072 4.1). */
  | { readonly fact: 'ipv6cp-opened'; readonly localIdentifier: string; readonly peerIdentifier: string }
  /** What the peer says that it is (RFC 1570 2.1). */
  | { readonly fact: 'ppp-identification'; readonly text: string }
  /** `errorNumber` is by what Windows calls it: E= of an MS-CHAP Failure, or the reason in a Terminate-Request. */
  | {
      readonly fact: 'ppp-failed';
      readonly layer: 'lcp' | 'auth' | 'ipcp';
      readonly reason: PppFailure;
      readonly detail: string;
      readonly errorNumber?: number;
    }
  | {
      readonly fact: 'closed';
      readonly layer: 'ppp' | 'l2tp' | 'phase2' | 'phase1';
      readonly by: 'local' | 'peer' | 'timeout';
      readonly detail: string;
      /** As in `ppp-failed`. */
      readonly errorNumber?: number;
    }
  /** A new SA takes the place of an older one with the same peer; `by` began the exchange. */
  | { readonly fact: 'rekeyed'; readonly phase: 1 | 2; readonly by: 'local' | 'peer' }
  /** R-U-THERE stayed unanswered (RFC 3706 5.4): all SAs with this peer end. */
  | { readonly fact: 'dead-peer'; readonly detail: string }
  /** L2TP goes in the clear: there is no IKE and no ESP on this path. */
  | { readonly fact: 'without-ipsec' }
  | { readonly fact: 'warning'; readonly detail: string };

/**
 * `id-mismatch`: identities that are not what this end expects, or to which the peer objects
 * (INVALID-ID-INFORMATION, in either phase). `no-policy`: the identities may be true, but no policy of this
 * responder takes them; its initiator hears no more than that they do not suit. `no-key`: this responder has no
 * pre-shared key. `not-dialled`: this end could not even begin.
 */
export type IkeFailure =
  | 'no-answer'
  | 'no-proposal-chosen'
  | 'auth-failed'
  | 'id-mismatch'
  | 'no-policy'
  | 'no-key'
  | 'not-dialled'
  | 'nat-refused'
  | 'malformed'
  | 'deleted-by-peer';

export type DropReason =
  | 'firewall'
  | 'no-ipsec-policy'
  | 'not-in-ipsec'
  | 'unknown-spi'
  | 'replayed'
  /** An outbound SA that has no sequence number left (RFC 4303 3.3.3). */
  | 'sequence-exhausted'
  | 'bad-icv'
  | 'bad-padding'
  | 'bad-checksum'
  | 'malformed'
  | 'unexpected';

/**
 * `auth-refused`: the ends do not agree on how to authenticate; `auth-failed`: they did, and it did not prove the
 * user, or the server. `looped-back`: this end hears itself (RFC 1661 6.4). `address-refused`: one end insists on
 * an address that the other does not take; `address-conflict`: both would have the same.
 */
export type PppFailure =
  | 'no-answer'
  | 'auth-refused'
  | 'auth-failed'
  | 'option-refused'
  | 'looped-back'
  | 'pool-exhausted'
  | 'address-refused'
  | 'address-conflict'
  | 'terminated';

/** How an engine tells a fact. */
export interface FactEffect {
  readonly effect: 'fact';
  /** The path that it is about (`ike/path.ts`); absent where nobody can tell. */
  readonly path?: string;
  readonly fact: Fact;
}

export function told(...facts: readonly Fact[]): FactEffect[] {
  return facts.map((fact) => ({ effect: 'fact', fact }));
}

/** The same effects; facts among them that name no path are about this one. */
export function onPath<Effect extends { readonly effect: string }>(
  path: string,
  effects: readonly Effect[],
): Effect[] {
  return effects.map((effect) => (effect.effect === 'fact' ? { path, ...effect } : effect));
}

/** A packet or message that led to nothing. */
export function dropped(reason: DropReason, detail: string): FactEffect[] {
  return told({ fact: 'packet-dropped', reason, detail });
}
