import { z } from 'zod';
import { reasons, stages } from './stage.ts';

/** What ends of a connection by itself, from the inside out. */
const endingLayer = z.enum(['ppp', 'l2tp-session', 'l2tp-tunnel', 'phase2', 'phase1']);

/** Of which layers an end told its peer that they are over, and of which it was told. */
const endingSchema = z.strictObject({
  said: z.array(endingLayer),
  heard: z.array(endingLayer),
  /** Whether the StopCCN that it sent was acknowledged. Absent: it sent none. */
  acknowledged: z.boolean().optional(),
});
export type Ending = z.infer<typeof endingSchema>;

/** What did happen, as read from one peer; equal in form for all peers. */
export const peerObservationSchema = z.strictObject({
  peer: z.string(),
  version: z.string(),
  /** Stages in order, each with the milliseconds since the client was told to connect. */
  stages: z.array(
    z.strictObject({
      stage: z.enum(stages),
      state: z.enum(['done', 'skipped', 'stopped']),
      atMs: z.number().optional(),
      reason: z.enum(reasons).optional(),
      detail: z.string().default(''),
    }),
  ),
  natSeen: z.strictObject({ localBehindNat: z.boolean(), peerBehindNat: z.boolean() }).optional(),
  natTraversal: z.string().optional(),
  phase1: z.string().optional(),
  phase2: z.string().optional(),
  encapsulation: z.enum(['none', 'udp']).optional(),
  spis: z.strictObject({ inbound: z.number(), outbound: z.number() }).optional(),
  /** The IPsec SAs of the connection as the peer has them now; it is `in` that this peer receives with. */
  sas: z
    .array(
      z.strictObject({
        direction: z.enum(['in', 'out']),
        spi: z.number(),
        algorithms: z.string().optional(),
        encapsulation: z.enum(['none', 'udp']).optional(),
        packets: z.number().optional(),
        octets: z.number().optional(),
      }),
    )
    .optional(),
  /** Ids of the L2TP tunnel and of the session in it, each as its own end assigned them (RFC 2661 4.4.3, 4.4.4). */
  l2tp: z
    .strictObject({
      tunnelId: z.number(),
      peerTunnelId: z.number(),
      sessionId: z.number().optional(),
      peerSessionId: z.number().optional(),
    })
    .optional(),
  /** Which end sent the CDN that ended the L2TP call, and its Result Code (RFC 2661 4.4.2), where this peer tells. */
  callEnd: z.strictObject({ by: z.enum(['self', 'peer']), resultCode: z.number().optional() }).optional(),
  /** SAs that took the place of older ones of this connection, by who began the exchange. Absent: none did, or nothing is known. */
  replaced: z
    .strictObject({
      phase1: z.strictObject({ bySelf: z.number(), byPeer: z.number() }),
      phase2: z.strictObject({ bySelf: z.number(), byPeer: z.number() }),
    })
    .optional(),
  /** What of the layers above IPsec ended, or came once more, since the link came up. Absent: nothing. */
  linkLost: z.array(z.string()).optional(),
  /** ESP that came since then under an SPI that this end does not have, in packets. Absent: none. */
  strayEsp: z.number().optional(),
  /** What was said when the connection ended, read after that. Absent: it does not tell, or was not asked. */
  ending: endingSchema.optional(),
  innerAddress: z.string().optional(),
  peerInnerAddress: z.string().optional(),
  dns: z.array(z.string()).default([]),
  /** Messages that were repeated without an answer: what, and how many transmissions. */
  unanswered: z.array(z.strictObject({ what: z.string(), transmissions: z.number() })).default([]),
  /** Packets and messages that led to nothing, by reason. Absent: it does not tell. */
  drops: z.record(z.string(), z.number()).optional(),
  warnings: z.array(z.string()).default([]),
});
export type PeerObservation = z.infer<typeof peerObservationSchema>;

/** What the captures show at the segments; made by measure/ from pcap files alone. */
export const wireObservationSchema = z.strictObject({
  /** Packets the capture lost; a capture with losses cannot prove absence. */
  capturedPackets: z.number(),
  droppedByCapture: z.number(),
  /** Files that end inside a packet or cannot be read, in words; they cannot prove absence either. */
  damaged: z.array(z.string()),
  /** The segments between client and responder, in the order a packet of the client crosses them. */
  path: z.array(z.string()),
  segments: z.record(
    z.string(),
    z.strictObject({
      file: z.string(),
      packets: z.number(),
      ike500: z.strictObject({ toResponder: z.number(), toClient: z.number() }),
      ike4500: z.strictObject({ toResponder: z.number(), toClient: z.number() }),
      espInUdp: z.strictObject({ toResponder: z.number(), toClient: z.number() }),
      espNative: z.strictObject({ toResponder: z.number(), toClient: z.number() }),
      keepalives: z.number(),
      /** Those of them toward the client. Absent: none. */
      keepalivesToClient: z.number().optional(),
      /** Leaks: each must be 0 outside IPsec. */
      clearL2tp: z.number(),
      /** Those of them toward the client. Absent: none. */
      clearL2tpToClient: z.number().optional(),
      innerAddresses: z.number(),
      /** Pings outside of any tunnel, by which a capture shows that it is alive. Absent: none. */
      echoRequests: z.number().optional(),
    }),
  ),
  /** Different messages of all exchanges together; a retransmission is the same message. */
  mainModeMessages: z.number(),
  /** Absent where there were none, as in records from before they were counted. */
  aggressiveModeMessages: z.number().optional(),
  quickModeMessages: z.number(),
  informationalMessages: z.number(),
  /** IKE messages that were sent again, octet for octet. */
  retransmissions: z.number(),
  portFloat: z.boolean(),
  /** New messages on 500 of a phase 1 that had been on 4500; a repeated one is not new. Absent in older records. */
  ike500AfterFloat: z.number().optional(),
  /**
   * With several clients: ESP of this one on the responder's segment since the responder sent its first ESP to
   * a client that dialled later, until that one deletes its SAs. Absent where none was served.
   */
  espAfterOthers: z.strictObject({ toResponder: z.number(), toClient: z.number() }).optional(),
  /** ESP to the responder, on its own segment, since it last sent some. Absent where it never did. */
  espUnanswered: z.number().optional(),
  /** Diffie-Hellman public values with the length of no group: a leading zero was left out. */
  shortPublicValues: z
    .array(z.strictObject({ from: z.enum(['client', 'responder']), octets: z.number() }))
    .optional(),
  /** Main and quick mode messages to which their sender's own segment shows no answer. */
  unanswered: z.array(
    z.strictObject({
      what: z.string(),
      from: z.enum(['client', 'responder']),
      /** On the sender's own segment. */
      transmissions: z.number(),
      /** Segments of the path on which it was seen: it was lost after the last of them. */
      seenOn: z.array(z.string()),
    }),
  ),
  /** Phases 1 that the peers took through to an answer; absent where it was one at most. */
  isakmpSas: z.number().optional(),
  /** SPIs under which ESP went on the responder's segment; absent where it was one each way at most. */
  espSpis: z.strictObject({ toResponder: z.number(), toClient: z.number() }).optional(),
  /**
   * Of a client that began another phase 1 after the responder had stayed silent to its ESP: that ESP, and what came from
   * the responder meanwhile: notifies INVALID-SPI, and what is neither that nor INVALID-COOKIE, on the responder's segment.
   */
  silenceBefore: z
    .strictObject({ esp: z.number(), invalidSpi: z.number(), otherAnswers: z.number() })
    .optional(),
  /** Who was seen to browse the host on the Internet; absent where nobody was. */
  browsing: z
    .strictObject({
      /** Packets to it on its own segment, by the address from which they come. */
      from: z.record(z.string(), z.number()),
      /** Packets between it and an inner address, by segment outside the tunnel. */
      untranslated: z.record(z.string(), z.number()),
    })
    .optional(),
});
export type WireObservation = z.infer<typeof wireObservationSchema>;

/** The proof of traffic of a connected cell. Rates in Mbit/s, round trips in ms. */
export const trafficObservationSchema = z.strictObject({
  /** The address behind the responder that the client's traffic went to. */
  target: z.string(),
  /** Why nothing behind the responder can begin traffic to the client, where a peer declares that. */
  oneSided: z.string().optional(),
  pingToServer: z.strictObject({ sent: z.number(), received: z.number(), medianMs: z.number().optional() }),
  pingToClient: z.strictObject({ sent: z.number(), received: z.number(), medianMs: z.number().optional() }),
  /** To the server again, when every client that dials later has done so; absent where none does. */
  pingAfterOthers: z.strictObject({ sent: z.number(), received: z.number() }).optional(),
  /** Between client and server again, after what the topology has happen to a connection that stands; absent where it has nothing. */
  pingAfterHold: z.strictObject({ sent: z.number(), received: z.number() }).optional(),
  /** Round trips between the client and a host on the Internet, by the way that the client's routes choose; absent where nobody browses. */
  browsing: z
    .strictObject({
      target: z.string(),
      sent: z.number(),
      received: z.number(),
      medianMs: z.number().optional(),
    })
    .optional(),
  /** Hop addresses of a traceroute to the server, `*` for silence. */
  traceroute: z.array(z.string()),
  upMbps: z.number().optional(),
  downMbps: z.number().optional(),
  /** Full-size datagrams in the place of rates, where time is virtual. */
  datagrams: z
    .strictObject({
      each: z.number(),
      upSent: z.number(),
      upReceived: z.number(),
      downSent: z.number(),
      downReceived: z.number(),
    })
    .optional(),
  /** What arrived, in the direction in which less did. */
  bytesEachWay: z.number(),
  sustained: z.boolean(),
  /** What a tool said when it could not do its part. */
  failures: z.array(z.string()),
});
export type TrafficObservation = z.infer<typeof trafficObservationSchema>;

const pingsSchema = z.strictObject({ sent: z.number(), received: z.number() });

/** What came to light of what the cell had happen to a connection that stood (its axis `event`). */
export const eventObservationSchema = z.strictObject({
  event: z.string(),
  /** Round trips that the client began while it happened: none may come back from a responder that has lost its state. */
  during: pingsSchema.optional(),
  /** Of the responder's LCP echoes. */
  echoSeconds: z.number().optional(),
  /** What the responder held, by name, each time that this was something else; seconds from the event, and below 0 before it. */
  held: z
    .array(z.strictObject({ atSeconds: z.number(), counts: z.record(z.string(), z.number()) }))
    .optional(),
  /** How the client fared that dialled again after it. */
  redial: z
    .strictObject({
      connected: z.boolean(),
      /** The step that it had behind it, or where it stopped, in words. */
      detail: z.string(),
      innerAddress: z.string().optional(),
      pings: pingsSchema.optional(),
    })
    .optional(),
});
export type EventObservation = z.infer<typeof eventObservationSchema>;
