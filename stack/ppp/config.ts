import type { Ipv4 } from '../address.ts';
import type { FactEffect } from '../fact.ts';
import type { RetransmissionTiming } from '../retransmission.ts';

/** PAP is RFC 1334, the others are CHAP algorithms: RFC 1994, 2433, 2759. */
export type PppAuthentication = 'pap' | 'chap-md5' | 'ms-chap-v1' | 'ms-chap-v2';

/** One option of an LCP Configure-Request, for the place that it has in the list. */
export type LcpWish =
  /** The MRU is the configuration's; `authentication` is what a server demands. RFC 1661 6, RFC 1990 5.1.2. */
  | {
      readonly option:
        | 'mru'
        | 'authentication'
        | 'magic-number'
        | 'protocol-field-compression'
        | 'address-and-control-field-compression'
        | 'short-sequence-numbers';
    }
  /** RFC 1662 7.1. */
  | { readonly option: 'async-control-character-map'; readonly map: number }
  /** RFC 1570 2.3; operation 6 is Microsoft's CBCP. */
  | { readonly option: 'callback'; readonly operation: number }
  /** RFC 1990 5.1.1. */
  | { readonly option: 'mrru'; readonly octets: number }
  /** RFC 1990 5.1.3; the address in hexadecimal. */
  | { readonly option: 'endpoint-discriminator'; readonly class: number; readonly address: string }
  /** Any other, its data in hexadecimal. */
  | { readonly option: 'other'; readonly type: number; readonly data: string };

interface PppConfigBase {
  readonly mru: number;
  /** LCP echo requests that often; 0 for never. So many unanswered ones end the link. */
  readonly echoSeconds: number;
  readonly echoFailures: number;
  /** Restart timer and Max-Configure of RFC 1661 4.6. */
  readonly retransmission: RetransmissionTiming;
  /** Max-Terminate and Max-Failure of RFC 1661 4.6; 2 and 5 unless set. */
  readonly limits?: PppLimits;
  /** Options of the first LCP Configure-Request in their order; unless set, those that the role needs. */
  readonly lcpOptions?: readonly LcpWish[];
  /** Of the one counter over all protocols: Windows XP begins at 1 (as here unless set), Vista at 0. */
  readonly firstIdentifier?: number;
  /** Packets but LCP's leave out the octets that the peer asked to have left out (RFC 1661 6.5, 6.6). */
  readonly compressesHeaders?: true;
  /** Negotiates IPV6CP (RFC 5072), which else gets a Protocol-Reject. */
  readonly ipv6cp?: true;
}

export interface PppLimits {
  readonly maximumTerminate: number;
  readonly maximumFailure: number;
}

export interface PppClientConfig extends PppConfigBase {
  readonly role: 'client';
  readonly user: string;
  readonly password: string;
  /** What the user types next where an MS-CHAP Failure allows another attempt (R=1). */
  readonly retryPasswords?: readonly string[];
  /** What the client lets itself be asked, best first: it Naks another request with the first. */
  readonly accepts: readonly PppAuthentication[];
  /** An address that the client insists on; unless set it asks for one. */
  readonly address?: Ipv4;
  readonly requestsDns: boolean;
  /** NetBIOS name servers (RFC 1877 1.2, 1.4), as Windows asks for them. */
  readonly requestsWins?: true;
  /** Asks for CCP with these bits of RFC 3078 2.1, as Windows does beside IPCP, and gives it up when refused. */
  readonly ccp?: { readonly supportedBits: number };
  /** Texts of LCP Identification packets (RFC 1570 2.1), sent when LCP opens; absent for none. */
  readonly identification?: readonly IdentificationText[];
  /** What a Terminate-Request says: a text (unless set), or the error number of Windows. */
  readonly terminateReason?: 'windows';
}

/** Later Windows sends 16 octets besides its texts. */
export type IdentificationText = string | { readonly hex: string };

/** Why an account may not come in although its password is right, by the E= of RFC 2759 6. */
export type AccountRefusal = 646 | 647 | 648 | 649;

export interface PppServerConfig extends PppConfigBase {
  readonly role: 'server';
  readonly name: string;
  /** In order; the first is proposed, a Nak naming a later one is followed. */
  readonly authentication: readonly PppAuthentication[];
  /** Further attempts that MS-CHAP allows (R=1); none unless set. */
  readonly authenticationRetries?: number;
  /** CHAP challenges again that often while the link is up (RFC 1994 2); never unless set. */
  readonly rechallengeSeconds?: number;
  readonly localAddress: Ipv4;
  readonly dns: readonly Ipv4[];
  readonly wins?: readonly Ipv4[];
  /** CCP is negotiated and each of its options rejected; unless set it gets a Protocol-Reject. */
  readonly rejectsCcpOptions?: true;
  /** Who may come in. `undefined`: no such user. */
  readonly user: (name: string) => PppAccount | undefined;
  /** An address for this user on this link, `undefined` when the pool is empty. Called once per link. */
  readonly allocate: (name: string) => Ipv4 | undefined;
}

export interface PppAccount {
  readonly password: string;
  readonly refusal?: AccountRefusal;
}

export type PppConfig = PppClientConfig | PppServerConfig;

export type PppEffect =
  | { readonly effect: 'send-ppp'; readonly frame: Uint8Array }
  | {
      readonly effect: 'link-up';
      readonly localAddress: Ipv4;
      readonly peerAddress: Ipv4;
      readonly dns: readonly Ipv4[];
      readonly mtu: number;
    }
  | { readonly effect: 'link-down'; readonly detail: string }
  | { readonly effect: 'receive-ip'; readonly packet: Uint8Array }
  | FactEffect;
