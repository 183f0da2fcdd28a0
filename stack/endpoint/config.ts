import type { Ipv4, UdpAddress } from '../address.ts';
import type { Fact } from '../fact.ts';
import type { IkeInitiatorConfig, IkeResponderConfig } from '../ike/config.ts';
import type { L2tpConfig } from '../l2tp/config.ts';
import type { AccountRefusal, PppClientConfig, PppServerConfig } from '../ppp/config.ts';

/** Everything one L2TP/IPsec client is: IKE, L2TP and PPP settings and where it dials. JSON but for the key octets. */
export interface ClientEndpointConfig {
  readonly role: 'client';
  readonly localAddress: Ipv4;
  readonly dial: Ipv4;
  readonly ike: IkeInitiatorConfig;
  readonly l2tp: L2tpConfig;
  /** UDP port the client's L2TP uses inside ESP. */
  readonly l2tpPort: number;
  readonly ppp: PppClientConfig;
  /** Packets of ESP that may come late and still count, 64 to 4096 (RFC 4303 3.4.3); absent: 64. */
  readonly replayWindow?: number;
  /** Dials L2TP in the clear: nothing of `ike` is used, and nothing but L2TP leaves or is heard. */
  readonly withoutIpsec?: true;
  /** L2TP's UDP goes without checksums, which RFC 768 allows and no NAT can make wrong. */
  readonly omitsUdpChecksums?: true;
  /** Misbehaves on request: `drop:main-mode:5` (docs/impairments.md). */
  readonly impairment?: string;
}

/** Plain data, so that a compiled AlliedWare script travels as JSON into a container. */
export interface ResponderEndpointConfig {
  readonly role: 'responder';
  readonly localAddress: Ipv4;
  readonly ike: IkeResponderConfig;
  readonly l2tp: L2tpConfig;
  readonly ppp: Omit<PppServerConfig, 'role' | 'user' | 'allocate'>;
  readonly users: readonly UserEntry[];
  readonly pool?: { readonly first: Ipv4; readonly last: Ipv4 };
  /** What becomes of a user who comes in again while he is in; absent: `both`. */
  readonly sameUser?: SameUserPolicy;
  readonly admission: readonly AdmissionRule[];
  /** What the IPsec policies say of clear packets, in order; no match means drop. */
  readonly clearPolicies: readonly ClearPolicy[];
  /** Packets of ESP that may come late and still count, 64 to 4096 (RFC 4303 3.4.3); absent: 64. */
  readonly replayWindow?: number;
  /** As a client's. */
  readonly omitsUdpChecksums?: true;
  /** Misbehaves on request: `silent-at:l2tp-tunnel` (docs/impairments.md). */
  readonly impairment?: string;
}

/**
 * A user who comes in again while he is in. `both`: the newcomer is another caller, who gets an address of his own where
 * one is left for him; the user's own address, where he has one, is taken. `newest`: the earlier link ends, and what it
 * had is free. `oldest`: the newcomer is refused when he has authenticated (RFC 1994 4.2 leaves why to the authenticator).
 */
export type SameUserPolicy = 'both' | 'newest' | 'oldest';

export interface UserEntry {
  readonly name: string;
  readonly password: string;
  readonly address?: Ipv4;
  /** Why this user may not come in, although the password is right. */
  readonly refusal?: AccountRefusal;
}

/** A firewall rule of the public interface; a packet that no rule admits is dropped (`firewall`). */
export interface AdmissionRule {
  readonly name: string;
  readonly protocol: 'udp';
  readonly address: Ipv4;
  readonly port: number;
  /** `encap=ipsec`: only what came out of an ESP SA. */
  readonly onlyFromIpsec: boolean;
}

/** An IPsec policy with action permit: clear packets to this local port (absent: to any) may pass. */
export interface ClearPolicy {
  readonly name: string;
  readonly localPort?: number;
}

export type EndpointEffect =
  | {
      readonly effect: 'send-udp';
      readonly local: UdpAddress;
      readonly peer: UdpAddress;
      readonly payload: Uint8Array;
    }
  /** An IP protocol 50 payload. */
  | { readonly effect: 'send-esp'; readonly local: Ipv4; readonly peer: Ipv4; readonly payload: Uint8Array }
  /** A PPP link is open: give the tun device its address and a route to the peer's. */
  | {
      readonly effect: 'link-up';
      readonly link: string;
      readonly localAddress: Ipv4;
      readonly peerAddress: Ipv4;
      readonly dns: readonly Ipv4[];
      readonly mtu: number;
    }
  | {
      readonly effect: 'link-down';
      readonly link: string;
      readonly localAddress: Ipv4;
      readonly peerAddress: Ipv4;
      readonly detail: string;
    }
  /** An IP packet that left a tunnel, for the tun device. */
  | { readonly effect: 'deliver-ip'; readonly packet: Uint8Array }
  /** `path` names the client that it is about (`ike/path.ts`), `peer` where that was seen last; each where it is known. */
  | {
      readonly effect: 'fact';
      readonly path?: string;
      readonly peer: UdpAddress | undefined;
      readonly fact: Fact;
    };
