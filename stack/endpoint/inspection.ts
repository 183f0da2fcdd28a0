import type { Ipv4 } from '../address.ts';
import type { DropReason } from '../fact.ts';
import type { EspAlgorithms, EspMode } from '../sa.ts';

/** One direction of an installed SA, and what has gone through it. */
export interface SaStatus {
  /** Whose it is (`ike/path.ts`). */
  readonly path: string;
  /** `in`: this end receives with it. */
  readonly direction: 'in' | 'out';
  readonly spi: number;
  readonly algorithms: EspAlgorithms;
  readonly mode: EspMode;
  readonly encapsulation: 'none' | 'udp';
  readonly packets: number;
  /** Of payload: the UDP datagrams inside, in tunnel mode with their IP headers. */
  readonly octets: number;
  /** Dummy packets, which are in no other number (RFC 4303 2.6). */
  readonly dummies: number;
  /** Packets that went no further, by why; without those that nothing was dropped for. */
  readonly drops: Readonly<Partial<Record<DropReason, number>>>;
}

/** The key of an ISAKMP SA's cipher (RFC 2409 appendix B), by the cookie under which a reader finds it. */
export interface IkeKey {
  readonly initiatorCookie: Uint8Array;
  readonly key: Uint8Array;
}

/** The keys of one direction of an ESP SA, with the outer addresses that this end sees. */
export interface EspKeys {
  readonly source: Ipv4;
  readonly destination: Ipv4;
  readonly spi: number;
  readonly algorithms: EspAlgorithms;
  readonly encryptionKey: Uint8Array;
  readonly integrityKey: Uint8Array;
}

/** What decrypts a capture of all that stands now. For whoever asks for it, and for no fact and no log. */
export interface ConnectionKeys {
  readonly ike: readonly IkeKey[];
  readonly esp: readonly EspKeys[];
}
