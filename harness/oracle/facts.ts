import type { EndedLayer, Outcome } from '../expectation.ts';

/**
 * What the rules know of a cell: plain data about placement, NAT boxes, both peers as they declare
 * themselves, and credentials. The oracle knows nothing of engines, fabrics or drivers.
 * Transforms are texts: `3des-sha1-modp1024` in phase 1, `3des-sha1` in phase 2.
 */
export interface CellFacts {
  readonly placement: Placement;
  readonly client: ClientFacts;
  readonly responder: ResponderFacts;
  readonly credentials: {
    readonly preSharedKeysAgree: boolean;
    /** The key has more than letters and digits in it (rule WIN-10). */
    readonly keyIsSpecial?: true;
    readonly user: string;
    /** Every client of the cell logs in as this user. */
    readonly isShared?: true;
    /** Users of the clients that dial before, in their order. */
    readonly before?: readonly string[];
    readonly passwordIsRight: boolean;
  };
  readonly clients: number;
  /** Which of them this is, from 0, in the order in which they dial. */
  readonly place: number;
  /** What happens to the connection once it stands and has proved that it carries traffic. Absent: nothing. */
  readonly event?: 'rekey-by-client' | 'rekey-by-responder' | 'responder-restart' | 'client-power-cut';
  /** One end misbehaves on request. */
  readonly impairment?: ImpairmentFacts;
}

export interface ImpairmentFacts {
  readonly end: 'client' | 'responder';
  readonly name: string;
  /** In the order of its parameters, none left out. */
  readonly values: readonly string[];
}

export interface Placement {
  /** NAT gateways between the client and the public segments. */
  readonly clientNats: number;
  /** What these do with ESP that has no UDP around it. */
  readonly clientNatEsp: 'mapped' | 'out-only' | 'dropped';
  /**
   * Where it is mapped: of several inside hosts that speak ESP to one responder, whose comes through. Absent: not
   * asked, there is one at most or none is mapped.
   */
  readonly clientNatEspOf?: 'first' | 'last';
  /** Each of the cell's clients stands at a place of its own: to the responder none comes from the address of another. */
  readonly severalPlaces?: true;
  /** Another client has the same address, in a LAN of its own. */
  readonly sharesPrivateAddress?: true;
  /** Source port 500 outside, for every inside host that has it inside: an IKE helper. */
  readonly clientNatKeepsPort500?: true;
  /** A NAT on the way drops IP fragments. */
  readonly dropsFragments?: true;
  /** The smallest MTU on the way, where neither end sees it on its own wire, and whether senders of larger packets hear of it. */
  readonly narrowest?: { readonly mtu: number; readonly tooBig: 'told' | 'lost' };
  /** What happens to packets on the way now and then. Absent: nothing. */
  readonly wires?: 'lose-some' | 'disorder-some';
  /** How long an idle UDP mapping lives, seconds: the shortest of all boxes on the client's side. Absent: no such box. */
  readonly clientNatUdpSeconds?: number;
  /** Absent: the responder's own address is the one that is dialled. */
  readonly responderNat?: { readonly udp500: boolean; readonly udp4500: boolean; readonly esp: boolean };
  /**
   * A gateway that filters without NAT stands before the responder and lets these in: `udp 500`, `tcp 50`, `esp`,
   * `ah`. Answers, and what the responder begins, pass it.
   */
  readonly filter?: { readonly permits: readonly string[] };
  /** The client's own LAN has the subnet of the office. */
  readonly clientHasOfficeSubnet?: true;
  /** The dialled address is nobody's any more. */
  readonly dialledAddressIsOld?: true;
  /** What happens to a connection once it has proved that it carries traffic. */
  readonly hold?: HoldFacts;
  /** Clients reach for a host on the Internet, too. Absent: for the office alone. */
  readonly browsing?: BrowsingFacts;
}

/** By what public address a host on the Internet sees the office, and by what the client itself. */
export interface BrowsingFacts {
  readonly officeAddress: string;
  readonly clientAddress: string;
}

export interface HoldFacts {
  /** Nobody sends anything through the tunnel for so long, seconds; then the responder's side speaks first. */
  readonly idleSeconds?: number;
  /** The client's NAT gives its mappings other ports: the same public address, or another one, too. Then the client speaks first. */
  readonly rebinding?: 'port' | 'address';
}

export interface ClientFacts {
  /** Dials L2TP in the clear (rule FW-5). */
  readonly withoutIpsec?: true;
  /** Revisions of NAT-T that the client names; empty: none. */
  readonly natTraversal: readonly string[];
  /** AssumeUDPEncapsulationContextOnSendRule, for clients that have it. */
  readonly natRule?: {
    readonly value: 0 | 1 | 2;
    readonly family: 'xp-sp2' | 'vista';
    /** Which reading of WIN-1 an XP SP2 client plays: a stops after NAT detection, b sends no ESP. */
    readonly reading: 'a' | 'b';
    /** Value 2 stands in the registry and has no effect, so that `value` is 0. */
    readonly withoutEffect?: 'wrong-key' | 'before-reboot';
  };
  readonly phase1: readonly string[];
  readonly phase2: readonly string[];
  /** UDP ports of its quick mode identities: IDci and IDcr, 0 for any. */
  readonly ports: { readonly local: number; readonly remote: number };
  readonly authentication: readonly string[];
  /** Nothing behind its L2TP session carries PPP frames: it speaks L2TP's control messages, and no more. */
  readonly dataPlane?: false;
  /** How it makes octets of the key that somebody types. Absent: as they stand in a file of UTF-8. */
  readonly keyEncoding?: KeyEncoding;
  /** Warns of a key with more than letters and digits in it. */
  readonly warnsOfKey?: true;
  /** Cuts large messages by vendor fragmentation, and puts them together ([MS-IKEE] 3.3). */
  readonly fragmentsIke?: true;
  /** The largest packet that its PPP takes, octets. Absent: not known. */
  readonly mru?: number;
  /** Begins phase 1 in aggressive mode instead of main mode. */
  readonly aggressive?: true;
  /** Asks for no name server in IPCP. */
  readonly requestsDns?: false;
  /** A Windows client: some rules speak of these alone. */
  readonly windows?: true;
  /** The group of the PFS that it asks for, as in a transform: `modp1024`. */
  readonly pfs?: string;
  /** What it offers for both phases, seconds. Absent: not known. */
  readonly lifetimes?: Lifetimes;
  /** When quick mode bears NAT-OA. */
  readonly natOriginalAddress?: 'in-udp' | 'when-behind-nat' | 'never';
  /** Message 5 says INITIAL-CONTACT. */
  readonly initialContact?: true;
  /** Answers whoever asks whether it lives (RFC 3706), and says so in phase 1. */
  readonly answersIfAlive?: true;
  /** Behind NAT it sends a keepalive when it has been silent for so long, seconds (RFC 3948 4). Absent: not declared, or never. */
  readonly keepaliveSeconds?: number;
  /** The longest that it is silent on an idle connection whose ESP goes in UDP, seconds. Absent: it never speaks by itself. */
  readonly speaksEverySeconds?: number;
  /** Which reading of PPP-10 it plays, where it is what that rule is about. */
  readonly securityTab?: 'a' | 'b';
  /** Whether everything it sends goes into the tunnel ("Use default gateway on remote network"), or only what is for the office. Absent: not known. */
  readonly sendsAllIntoTunnel?: boolean;
  /** UDP inside ESP carries a checksum. */
  readonly innerChecksum: boolean;
  /** Ends every layer and says so. */
  readonly sendsDeletes: boolean;
  /** Of which layers it says that they are over when it disconnects. Absent: not declared. */
  readonly saysEndOf?: readonly EndedLayer[];
  /** The ids of its L2TP tunnels count its attempts since it started: two that dial once have the same. */
  readonly countsTunnels?: true;
}

export type KeyEncoding = 'utf-8' | 'latin-1' | 'utf-16le';

/** Of SAs, seconds. */
export interface Lifetimes {
  readonly phase1: number;
  readonly phase2: number;
}

/** Lines that an AlliedWare script lacks: permit policies of IPsec, rules of the firewall, and what a licence or release lets it say. */
export interface ScriptFacts {
  readonly permits: readonly ('isakmp' | 'isakmp_float' | 'internet')[];
  readonly rules: readonly (1 | 2 | 3)[];
  readonly has3des: boolean;
  /** From release 2.6.4 on. */
  readonly knowsNatTraversal: boolean;
  /** What VPN users send to the Internet gets the router's own address (`nat=enhanced int=dyn-dynamic`). */
  readonly translatesUsers: boolean;
}

export interface ResponderFacts {
  /** Tells of each layer of a connection whether its client said that it is over. */
  readonly tellsEnds?: true;
  /** What its script has, where it has one. */
  readonly script?: ScriptFacts;
  /** Gives what its users send to the Internet an address that is answered. A responder with a script says so there. */
  readonly translatesUsers?: true;
  /** It has no pre-shared key: a restart destroyed it, or its line was refused (rules AW-3, WIN-10). */
  readonly keyIsMissing?: 'lost' | 'refused';
  /** As of clients. */
  readonly keyEncoding?: KeyEncoding;
  /** A Windows server of this release. */
  readonly server?: 'windows-2000' | 'windows-2003';
  /** The groups of which a quick mode must name one. Absent: none is demanded, and a known one is done. */
  readonly pfs?: readonly string[];
  /** RouterOS, of whose default PFS the sources say different things (rule PROP-4). */
  readonly isRouterOs?: true;
  /** What it has for both phases, seconds; of two that differ it takes the shorter or the one that is offered. Absent: not known. */
  readonly lifetimes?: Lifetimes;
  /** How much of a new mapping it follows when a client's authentic packet shows it. Absent: none. */
  readonly followsMapping?: 'port' | 'port-and-address';
  /** As of clients. */
  readonly speaksEverySeconds?: number;
  /** LCP echoes, and how many may stay unanswered before the client is dead. Absent: not declared, or none. */
  readonly echo?: { readonly seconds: number; readonly failures: number };
  /** Asks silent clients that answer it whether they live (RFC 3706), and deletes their SAs where they do not. */
  readonly asksIfAlive?: {
    /** After so long without a sign of life it asks; after so long it takes the client for dead. */
    readonly silentSeconds: number;
    readonly deadSeconds: number;
  };
  /** L2TP tunnels that it takes at a time. Absent: more than a cell has. */
  readonly maximumTunnels?: number;
  readonly natTraversal: readonly string[];
  /** Of whom its NAT-D says that it is behind NAT where nobody is: that forces ESP into UDP. */
  readonly pretendsNat: 'of-nobody' | 'of-itself' | 'of-clients';
  /** ESP in UDP may be asked for by the number of another revision of NAT-T than the one in use (rule ESP-2). */
  readonly takesEitherEncapsulation?: true;
  /** `undefined`: takes from a list that no document gives. */
  readonly phase1: readonly string[] | undefined;
  readonly phase2: readonly string[] | undefined;
  /** As of clients. */
  readonly fragmentsIke?: true;
  readonly mru?: number;
  /** Takes aggressive mode, too. */
  readonly acceptsAggressive?: true;
  /** What it calls a failed authentication where others have no policy: aggressive mode (rule PROP-8). */
  readonly refusesAggressiveAs?: 'auth-failed';
  /** An AlliedWare script that sets no encryption, hash or group for phase 1 (rule AW-6). */
  readonly phase1IsScriptDefault: boolean;
  readonly choice: 'initiator-order' | 'responder-order';
  /** Says so when a weaker transform wins than both had. */
  readonly warnsOfDowngrades: boolean;
  /** Tells an initiator by a notify why it refuses a proposal or identities (RFC 2408 5.4). Absent: not declared. */
  readonly sendsNotifies?: boolean;
  /** Says nothing of a message 5 that it cannot authenticate, to its client or in a log: only its silence shows. */
  readonly silentOnWrongKey?: true;
  /** The phase 1 identity must be the address that its packets come from, unless NAT-T explains it. */
  readonly checksPeerIdentity: boolean;
  /** Without NAT-T, quick mode addresses must be those of the packets. */
  readonly checksQuickModeAddresses: boolean;
  /** Behind NAT: takes quick modes for the public address, which it does not own. */
  readonly acceptsDialledAddress: boolean;
  readonly dropsBadInnerChecksums: boolean;
  /** UDP inside its ESP carries a checksum, and its client drops a wrong one. */
  readonly innerChecksum?: true;
  /** The How-To's `lport` and `rport`. */
  readonly ports: { readonly lport?: number; readonly rport?: number };
  /** What tells clients behind one NAT apart here; what comes of it where nothing does, for the first and for those after it. */
  readonly clientsBehindOneNat:
    | { readonly toldApartBy: 'sa' }
    | {
        readonly toldApartBy: 'address-and-port';
        readonly first: Outcome;
        readonly later: Outcome;
      };
  /** L2TP tunnels from one address must differ in the id that the clients gave them. */
  readonly takesTunnelIdOnce?: true;
  readonly authentication: readonly string[];
  readonly users: readonly { readonly name: string; readonly address?: string }[];
  /**
   * Of a user who comes in again while he is in: each link is another caller's, but a user's own address is there once;
   * the earlier link ends; the newcomer is refused. Absent: not declared.
   */
  readonly sameUser?: 'both' | 'newest' | 'oldest';
  readonly pool?: { readonly first: string; readonly last: string };
  readonly dns?: string;
}
