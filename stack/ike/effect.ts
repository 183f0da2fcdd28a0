import type { UdpAddress } from '../address.ts';
import { type FactEffect, type IkeFailure, told } from '../fact.ts';
import type { SaPair } from '../sa.ts';

export type IkeEffect =
  /** An ISAKMP message. The non-ESP marker of RFC 3948 2.2 is put before it by whoever owns port 4500. */
  | {
      readonly effect: 'send-ike';
      readonly local: UdpAddress;
      readonly peer: UdpAddress;
      readonly message: Uint8Array;
    }
  | { readonly effect: 'send-keepalive'; readonly local: UdpAddress; readonly peer: UdpAddress }
  /** A pair that the peer may have already: what comes under it is taken from now on. It is installed, or removed. */
  | { readonly effect: 'expect-sa'; readonly sa: SaPair; readonly path: string }
  /** A new pair: what comes under it is taken from now on. */
  | { readonly effect: 'install-sa'; readonly sa: SaPair; readonly path: string }
  /** What is sent on its path goes through this installed pair from now on. */
  | { readonly effect: 'use-sa'; readonly inboundSpi: number; readonly path: string }
  | { readonly effect: 'remove-sa'; readonly inboundSpi: number }
  /** Nothing carries this path any more, and nothing is about to. */
  | { readonly effect: 'path-gone'; readonly path: string }
  /** The peer of an ISAKMP SA is seen at another address now (RFC 3947 7). */
  | {
      readonly effect: 'peer-moved';
      readonly path: string;
      readonly from: UdpAddress;
      readonly to: UdpAddress;
    }
  | FactEffect;

export function failed(phase: 1 | 2, reason: IkeFailure, detail: string): IkeEffect[] {
  return told({ fact: 'ike-failed', phase, reason, detail });
}
