import type { Cell } from '../cell.ts';
import type { LabNode } from '../fabric/fabric.ts';
import type { Ending, PeerObservation } from '../observation.ts';
import type { Reason, Stage } from '../stage.ts';
import type { Topology } from '../topology.ts';

/** An implementation of a VPN endpoint that a cell can have on one side. One folder each under `harness/peers/`. */
export interface PeerDriver {
  readonly name: string;
  readonly roles: readonly ('client' | 'responder')[];
  /** Folder under `images/`, with `@trixie` for another Debian suite than the usual one (`image-name.ts`). */
  readonly image: string;
  /** Why this peer cannot play this cell in this role, from its declared capabilities; `undefined` when it can. */
  unsupported(cell: Cell, role: 'client' | 'responder'): string | undefined;
  /** What this peer gets wrong now and then, whatever the cell: such a failure is no cell's, and the cell is played again. */
  readonly randomFault?: RandomFault;
  /** Starts the peer's program in its node, once per lab; ready when it resolves. */
  start(node: LabNode, context: PeerContext): Promise<Peer>;
}

/** A fault that strikes by chance, and as what it shows. */
export interface RandomFault {
  readonly stage: Stage;
  readonly reason: Reason;
  /** How often, and what shows that it is the peer's. */
  readonly source: string;
}

export interface PeerContext {
  readonly role: 'client' | 'responder';
  readonly topology: Topology;
  readonly nodeName: string;
  /** Which of the cell's clients this is, from 0; a responder has 0. */
  readonly client: number;
  readonly signal: AbortSignal;
}

export interface Peer {
  readonly version: string;
  /** Settings of the cell take effect; a responder listens when this resolves. */
  configure(cell: Cell, settings: CellSettings, signal: AbortSignal): Promise<void>;
  /** Client: dials, and resolves when connected or stopped (both are results). Responder: never called. */
  connect(signal: AbortSignal, progress: (stage: string) => void): Promise<void>;
  /** Responder: the client with this number (from 0) dials next; what shows from here on is of its connection. Client: never called. */
  expectClient(client: number, signal: AbortSignal): Promise<void>;
  /** What this end shows of the connection of the client with this number; a client knows its own alone. */
  status(signal: AbortSignal, client: number): Promise<PeerObservation>;
  disconnect(signal: AbortSignal): Promise<void>;
  /** What is left of earlier connections, in words; empty after a proper end (design: reused topologies must not leak state). */
  remains(signal: AbortSignal): Promise<readonly string[]>;
  /**
   * What this end said and heard of the end of that client's connection, once it is over; absent where a peer does not
   * tell.
   */
  ending?(signal: AbortSignal, client: number): Promise<Ending>;
  /** The interface that carries the tunnel, for proofs bound to it. */
  readonly tunnelInterface: string;
  /** Where that interface is and programs are bound to it, when not in the node itself: a kernel of the peer's own. */
  readonly proofNode?: LabNode;
  /** Responder: what traffic is proved against, where that is not the topology's server. */
  readonly trafficTarget?: TrafficTarget;
  /** What the cell's axis `event` does to it, and asks of it; absent where nobody can. */
  readonly events?: PeerEvents;
  /** What decrypts the capture of the connection that stands, where the peer gives it away. */
  captureKeys?(signal: AbortSignal): Promise<CaptureKeys>;
  /** The peer's own log, redacted. */
  logs(): Promise<string>;
  stop(): Promise<void>;
}

/** What can happen to a peer whose connection stands. */
export interface PeerEvents {
  /** It loses its state without a word to anybody, and begins anew with the settings that it has: a client has to dial. */
  restart(signal: AbortSignal): Promise<void>;
  /** It sends nothing any more and hears nothing, until `restart`. */
  cutPower(signal: AbortSignal): Promise<void>;
  /** How many of each it holds now: `phase1`, `phase2`, `tunnels`, `sessions`, `links`, and of a responder `leases`. */
  holds(signal: AbortSignal): Promise<Readonly<Record<string, number>>>;
}

/** Keys of one connection, as text of hexadecimal digits: what Wireshark needs to read a capture. */
export interface CaptureKeys {
  /** Of each IKE SA: the initiator's cookie and the key of its cipher (RFC 2409 appendix B). */
  readonly ike: readonly { readonly initiatorCookie: string; readonly key: string }[];
  /** Of each ESP SA, one for each direction; addresses are those that this peer sees. */
  readonly esp: readonly {
    readonly source: string;
    readonly destination: string;
    readonly spi: number;
    /** `3des-sha1`, `aes128-sha256`. */
    readonly algorithms: string;
    readonly encryptionKey: string;
    readonly integrityKey: string;
  }[];
}

/** An inner network that a responder brings along, in place of the topology's office LAN. */
export interface TrafficTarget {
  readonly address: string;
  /** Its addresses must not show outside: joins the office LAN and the pool in the search for leaks. */
  readonly prefix: string;
  /** Why nothing there can begin traffic to the client. */
  readonly oneSided: string;
}

/** A user of the responder. */
export interface Caller {
  readonly user: string;
  readonly password: string;
}

/** What both ends of a cell are told beside its axes: a client its own, a responder the first client's. */
export interface CellSettings {
  readonly preSharedKey: string;
  /** What the client is given: differs from the responder's in a wrong-key cell. */
  readonly clientPreSharedKey: string;
  readonly user: string;
  readonly password: string;
  /** UDP port from which this client's L2TP comes. */
  readonly l2tpPort: number;
  /** Everybody who calls, in the order in which they dial, with the passwords that they will give. */
  readonly callers: readonly Caller[];
  /** Address the client dials. */
  readonly dial: string;
  /** Shortens the peers' retransmission timers; 1 is their own. Recorded. */
  readonly timerFactor: number;
  /** Every random choice of the peers that we wrote derives from it. */
  readonly seed: string;
  /** How long SAs live; absent: as long as each peer makes them of itself. */
  readonly lifetimes?: Lifetimes;
  /** Between the responder's LCP echoes; absent: as its script or profile says. */
  readonly echoSeconds?: number;
}

/** SAs that both ends give the same life, short enough to see them replaced. */
export interface Lifetimes {
  readonly phase1Seconds: number;
  readonly phase2Seconds: number;
  /** They are replaced so long before their end, but not before half of it. */
  readonly marginSeconds: number;
  /** The end that replaces those of both phases; with `nobody` they end. */
  readonly replacedBy: 'client' | 'responder' | 'nobody';
}
