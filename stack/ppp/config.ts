import type { Ipv4 } from '../address.ts';
import type { FactEffect } from '../fact.ts';
import type { RetransmissionTiming } from '../retransmission.ts';

export type PppAuthentication = 'chap-md5' | 'ms-chap-v2';

interface PppConfigBase {
  readonly mru: number;
  /** LCP echo requests that often; 0 for never. Three unanswered ones end the link. */
  readonly echoSeconds: number;
  readonly echoFailures: number;
  readonly retransmission: RetransmissionTiming;
}

export interface PppClientConfig extends PppConfigBase {
  readonly role: 'client';
  readonly user: string;
  readonly password: string;
  /** What the client lets itself be asked, best first: it Naks another request with the first. */
  readonly accepts: readonly PppAuthentication[];
  readonly requestsDns: boolean;
  /** Text of the LCP Identification packet (RFC 1570 2.3), absent for none. */
  readonly identification?: readonly string[];
}

export interface PppServerConfig extends PppConfigBase {
  readonly role: 'server';
  readonly name: string;
  /** In order; the first is proposed, a Nak naming a later one is followed. */
  readonly authentication: readonly PppAuthentication[];
  readonly localAddress: Ipv4;
  readonly dns: readonly Ipv4[];
  /** Who may come in. `undefined`: no such user. */
  readonly user: (name: string) => { readonly password: string } | undefined;
  /** An address for this user on this link, `undefined` when the pool is empty. Called once per link. */
  readonly allocate: (name: string) => Ipv4 | undefined;
}

export type PppConfig = PppClientConfig | PppServerConfig;

export type PppEffect =
  | { readonly effect: 'send-ppp'; readonly frame: Uint8Array }
  | {
      readonly effect: 'link-up';
      readonly localAddress: Ipv4;
      readonly peerAddress: Ipv4;
      readonly dns: readonly Ipv4[];
      readonly mtu: number;
    }
  | { readonly effect: 'link-down'; readonly detail: string }
  | { readonly effect: 'receive-ip'; readonly packet: Uint8Array }
  | FactEffect;
