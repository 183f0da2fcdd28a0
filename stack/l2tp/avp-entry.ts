import type { AttributeName } from './attribute.ts';

/** Octets of an AVP as data: a number in the attribute's own width, a UTF-8 text, octets, or new random ones in each message. */
export type AvpValue = number | string | { readonly hex: string } | { readonly randomOctets: number };

/** One AVP of a message that a peer of the field sends, as data. */
export type AvpEntry =
  | {
      readonly attribute: AttributeName;
      /** Absent: what this end has for it (its ids, its settings); it is left out where it has nothing. */
      readonly value?: AvpValue;
      /** The M bit; absent: as RFC 2661 4.4 has it for this attribute. */
      readonly mandatory?: boolean;
    }
  | {
      /** SMI enterprise number: 311 is Microsoft's. */
      readonly vendorId: number;
      readonly type: number;
      readonly value: Exclude<AvpValue, number>;
      /** Absent: not mandatory, as RFC 2661 4.2 advises. */
      readonly mandatory?: boolean;
    };

/** The messages whose AVPs can be laid down. */
export type ListedMessage =
  | 'SCCRQ'
  | 'SCCRP'
  | 'SCCCN'
  | 'StopCCN'
  | 'HELLO'
  | 'ICRQ'
  | 'ICRP'
  | 'ICCN'
  | 'CDN';
