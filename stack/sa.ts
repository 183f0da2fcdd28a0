import type { Ipv4, UdpAddress } from './address.ts';
import type { CbcCipher } from './cbc.ts';

/**
 * The contract between IKE, which negotiates an IPsec SA, and `esp/`, which owns its packets.
 * IKE and the endpoint never see an ESP packet of an installed SA (design: "Who owns an SA").
 */
export type EspEncryption = 'null' | CbcCipher | CounterCipher | CombinedCipher;
/** AES in counter mode (RFC 3686). */
export type CounterCipher = 'aes-ctr-128' | 'aes-ctr-192' | 'aes-ctr-256';
/** AES-GCM with an ICV of 16 octets (RFC 4106): cipher and integrity in one. */
export type CombinedCipher = 'aes-gcm-16-128' | 'aes-gcm-16-192' | 'aes-gcm-16-256';

/**
 * `none` goes with a combined cipher and with nothing else (RFC 4303 3.2.3). `hmac-sha2-256-96` is
 * HMAC-SHA2-256 as peers cut it that follow a draft before RFC 4868: negotiated under the same number as
 * `hmac-sha2-256-128`, so that both ends have to be told.
 */
export type EspIntegrity =
  | 'none'
  | 'hmac-md5-96'
  | 'hmac-sha1-96'
  | 'hmac-sha2-256-96'
  | 'hmac-sha2-256-128'
  | 'hmac-sha2-384-192'
  | 'hmac-sha2-512-256';

export interface EspAlgorithms {
  readonly encryption: EspEncryption;
  readonly integrity: EspIntegrity;
  /** Sequence numbers of 64 bits (RFC 4303 2.2.1, negotiated by RFC 4304). */
  readonly extendedSequenceNumbers?: true;
}

/** What is inside ESP: the payload of the outer packet, or an IP packet of its own (RFC 4303 3.1). */
export type EspMode = 'transport' | 'tunnel';

/** What a quick mode identity says: one address, a protocol (0 = any) and a port (0 = any). RFC 2407 4.6.2. */
export interface TrafficSelector {
  readonly ip: Ipv4;
  readonly protocol: number;
  readonly port: number;
}

/** One direction of a negotiated ESP SA. */
export interface SaParameters {
  readonly spi: number;
  readonly algorithms: EspAlgorithms;
  /** Of a counter or combined cipher with its nonce or salt behind the key (RFC 3686 5.1, RFC 4106 8.1). */
  readonly encryptionKey: Uint8Array;
  readonly integrityKey: Uint8Array;
}

/** Both directions, and where their packets go. */
export interface SaPair {
  readonly inbound: SaParameters;
  readonly outbound: SaParameters;
  readonly mode: EspMode;
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
