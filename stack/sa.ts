import type { Ipv4, UdpAddress } from './address.ts';
import type { CbcCipher } from './cbc.ts';

/**
 * The contract between IKE, which negotiates an IPsec SA, and `esp/`, which owns its packets.
 * IKE and the endpoint never see an ESP packet of an installed SA (design: "Who owns an SA").
 */
export type EspEncryption = 'null' | CbcCipher;
export type EspIntegrity = 'hmac-md5-96' | 'hmac-sha1-96' | 'hmac-sha2-256-128';

export interface EspAlgorithms {
  readonly encryption: EspEncryption;
  readonly integrity: EspIntegrity;
}

/** What a quick mode identity says: one address, a protocol (0 = any) and a port (0 = any). RFC 2407 4.6.2. */
export interface TrafficSelector {
  readonly ip: Ipv4;
  readonly protocol: number;
  readonly port: number;
}

/** One direction of a negotiated ESP SA in transport mode. */
export interface SaParameters {
  readonly spi: number;
  readonly algorithms: EspAlgorithms;
  readonly encryptionKey: Uint8Array;
  readonly integrityKey: Uint8Array;
}

/** Both directions, and where their packets go. */
export interface SaPair {
  readonly inbound: SaParameters;
  readonly outbound: SaParameters;
  /** `udp`: ESP in UDP 4500 (RFC 3948). `none`: IP protocol 50. */
  readonly encapsulation: 'none' | 'udp';
  /** Outer addresses as seen from here: the ports are those of IKE after the float. */
  readonly local: UdpAddress;
  readonly peer: UdpAddress;
  /** Selectors as negotiated; behind NAT their addresses differ from the outer ones. */
  readonly localSelector: TrafficSelector;
  readonly peerSelector: TrafficSelector;
  /** The peer's NAT-OA, for the checksum repair of RFC 3948 3.1.2; absent where none came. */
  readonly natOriginal?: { readonly initiator?: Ipv4; readonly responder?: Ipv4 };
  readonly lifetimeSeconds: number;
  readonly lifetimeKilobytes?: number;
}
