import type { UdpAddress } from '../address.ts';
import type { FactEffect } from '../fact.ts';
import type { RetransmissionTiming } from '../retransmission.ts';

/** UDP port of an LNS (RFC 2661 8.1). */
export const l2tpPort = 1701;

/** RFC 2661 names the dialling end LAC (here: a client that is its own LAC) and the serving end LNS. */
export interface L2tpConfig {
  readonly role: 'lac' | 'lns';
  readonly hostName: string;
  readonly vendorName?: string;
  readonly firmwareRevision?: number;
  /** Framing Capabilities bits (RFC 2661 4.4.3): 1 synchronous, 2 asynchronous. */
  readonly framingCapabilities: number;
  /** Bearer Capabilities bits: 1 digital, 2 analog; absent: the AVP is not sent. */
  readonly bearerCapabilities?: number;
  readonly receiveWindowSize: number;
  readonly helloSeconds: number;
  readonly retransmission: RetransmissionTiming;
  /** A LAC that numbers its attempts: the first tunnel has the id 1, at every client alike (the field facts C4). Absent: random ids. */
  readonly countsTunnels?: true;
  /** An LNS refuses more tunnels than this. */
  readonly maximumTunnels: number;
}

/**
 * Where an L2TP datagram came from or goes to: `path` names what carries it (an SA pair, a plain
 * socket), so that two clients with equal addresses, ports and tunnel ids never mix (rule MULTI-6).
 */
export interface L2tpPeer {
  readonly path: string;
  /** The SA by which a datagram came, absent where none did: a peer that starts again has new ones. */
  readonly spi?: number;
  readonly address: UdpAddress;
}

/** One PPP link inside one tunnel; unique in an engine. */
export interface L2tpSessionKey {
  readonly tunnelId: number;
  readonly sessionId: number;
}

export type L2tpEffect =
  /** The payload of one UDP datagram between the L2TP ports. */
  | { readonly effect: 'send-l2tp'; readonly peer: L2tpPeer; readonly message: Uint8Array }
  | { readonly effect: 'session-up'; readonly session: L2tpSessionKey; readonly peer: L2tpPeer }
  | { readonly effect: 'session-down'; readonly session: L2tpSessionKey; readonly detail: string }
  | { readonly effect: 'tunnel-down'; readonly peer: L2tpPeer; readonly detail: string }
  /** A PPP frame that arrived: it starts with the PPP protocol field or with FF 03. */
  | { readonly effect: 'receive-ppp'; readonly session: L2tpSessionKey; readonly frame: Uint8Array }
  | FactEffect;
