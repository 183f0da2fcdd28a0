import type { UdpAddress } from '../address.ts';
import type { FactEffect } from '../fact.ts';
import type { RetransmissionTiming } from '../retransmission.ts';
import type { AttributeName } from './attribute.ts';
import type { AvpEntry, ListedMessage } from './avp-entry.ts';

/** UDP port of an LNS (RFC 2661 8.1). */
export const l2tpPort = 1701;

/**
 * What one end is like. RFC 2661 names the dialling end LAC (here: a client that is its own LAC) and the
 * serving end LNS. Plain data: a profile fills it in.
 */
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
  /** Silence of the peer after which a HELLO asks for a sign of life; 0: never. */
  readonly helloSeconds: number;
  /** The peer's acknowledgement of a HELLO is not demanded while its data comes (Android 9 and 10, the field facts E2). */
  readonly toleratesUnansweredHello?: true;
  readonly retransmission: RetransmissionTiming;
  /** How SCCRQ is repeated until the peer first answers; absent: as everything else. */
  readonly startRetransmission?: RetransmissionTiming;
  /** A LAC that numbers its attempts: the first tunnel has the id 1, at every client alike (the field facts C4). Absent: random ids. */
  readonly countsTunnels?: true;
  /** More tunnels than this are refused. */
  readonly maximumTunnels: number;
  /** More sessions in one tunnel than this are refused; absent: 16. */
  readonly maximumSessions?: number;

  /** A LAC that takes tunnels which its peer opens too (RFC 2661 7.2); absent: it refuses them. An LNS always does. */
  readonly answersTunnels?: true;
  /** Tie Breaker in SCCRQ (RFC 2661 4.4.3). Absent: none sent, the peer's obeyed; `ignored`: neither (Windows, the field facts E1). */
  readonly tieBreaker?: 'ignored' | 'random' | { readonly hex: string };

  /** Shared by both ends, for tunnel authentication and hidden AVPs (RFC 2661 4.3, 5.1.1). Absent: a challenge is refused. */
  readonly tunnelSecret?: string;
  /** Challenges its peer, and has no tunnel without the right response. Needs `tunnelSecret`. */
  readonly challenges?: true;
  /** Attributes that are sent hidden, where RFC 2661 4.4 allows it. Needs `tunnelSecret`. */
  readonly hides?: readonly AttributeName[];

  /** AVPs of a message in their order, after Message Type; absent: those of a Windows client (the field facts E1). */
  readonly messages?: Partial<Readonly<Record<ListedMessage, readonly AvpEntry[]>>>;
  /** How much of Result Code is sent (RFC 2661 4.4.2): absent, the Error Code and a text where there is one. */
  readonly resultCodes?: 'result' | 'result-and-error';
  /** The results of an ordinary end; absent: StopCCN 1 and CDN 3, as Windows has them. */
  readonly endResults?: { readonly stop: number; readonly call: number };
  /** What is said at an ordinary end; absent: CDN for each session, then StopCCN. */
  readonly teardown?: 'stopccn' | 'silent';
  /** A CDN goes to session 0, and its Assigned Session ID alone says which is meant (Android, the field facts E2). */
  readonly disconnectsSessionZero?: true;

  /** LAC: sends Sequencing Required (RFC 2661 4.4.4). LNS: numbers its data messages from the start (5.4). */
  readonly sequencesData?: true;
  /** Numbered data messages that came early wait for those before them. Absent: they go on at once, and what comes late is dropped. */
  readonly reordering?: { readonly maximumFrames: number; readonly maximumMs: number };
  /** Form of data messages (RFC 2661 3.1); absent: L bit, no offset, no priority. */
  readonly dataHeader?: {
    readonly withoutLength?: true;
    /** Octets of padding after an Offset Size field. */
    readonly offsetSize?: number;
    /** LCP echoes carry the P bit. */
    readonly prioritisesEcho?: true;
  };
  /** Drops messages with other header bits than T, L and S (Windows, the field facts E1). */
  readonly strictHeader?: true;
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
