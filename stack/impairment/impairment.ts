import type { DropReason } from '../fact.ts';
import type { IkeConfig } from '../ike/config.ts';
import type { Sealing } from '../ike/tamper.ts';
import type { Payload } from '../isakmp/payload.ts';
import type { ControlPacket, DataPacket } from '../l2tp/header.ts';
import type { ControlMessage } from '../l2tp/message.ts';
import type { SaParameters } from '../sa.ts';

/** The end that misbehaves. */
export type End = 'client' | 'responder';

/**
 * One way to misbehave: what it stands for in the field, who plays it, and what a correct peer makes of
 * it. Its text is `name:value:value`, plain data that travels with an endpoint's configuration.
 */
export interface Impairment {
  readonly name: string;
  /** In the order of the text; a value that is left out is the parameter's `usual` one. */
  readonly parameters: readonly Parameter[];
  /** Why an engineer wants it: the field behaviour or the attack that it stands for. */
  readonly reason: string;
  /** The ends that can play it with these values, the usual one first; or why no end can. */
  readonly playedBy: (values: Values) => readonly [End, ...End[]] | string;
  /** What a correct peer makes of it. */
  readonly reaction: (values: Values, end: End) => Reaction;
  /** Texts that show all of it; each is played by a test. Those without values come first. */
  readonly examples: readonly string[];
  readonly begin: (values: Values, end: End) => Behaviour;
}

export interface Parameter {
  readonly name: string;
  /** In words, for help and errors: `1 to 6`. */
  readonly takes: string;
  readonly allows: (value: string) => boolean;
  readonly usual?: string;
}

/** Values by the name of their parameter. */
export type Values = Readonly<Record<string, string>>;

export interface Reaction {
  /**
   * `recovers`: connects after repetition or with what is left. `drops`: the harmed packet leads to nothing but
   * a fact, and the connection stands. `ignores`: nothing comes of it at all. `stops`: no connection.
   * `gives-up`: connects, and ends the link later.
   */
  readonly kind: 'recovers' | 'drops' | 'ignores' | 'stops' | 'gives-up';
  readonly words: string;
  /** Why the correct end says that it dropped something. */
  readonly drop?: DropReason;
  /** First step that is not completed, and why; present where it stops. In the harness's words. */
  readonly stop?: { readonly stage: string; readonly reason: string };
}

/** Octets that leave in place of others, now or later. */
export interface Leaving {
  readonly octets: Uint8Array;
  readonly afterMs: number;
}

export interface IkeLeaving {
  readonly exchange: string;
  readonly message: number;
  readonly octets: Uint8Array;
}

export type L2tpLeaving =
  | {
      readonly kind: 'control';
      readonly packet: ControlPacket;
      /** Absent for a ZLB. */
      readonly message: ControlMessage | undefined;
      readonly octets: Uint8Array;
    }
  | { readonly kind: 'data'; readonly packet: DataPacket; readonly octets: Uint8Array };

export interface EspLeaving {
  readonly octets: Uint8Array;
  /** Of the SA that sealed it. */
  readonly sa: SaParameters;
}

/**
 * What an impairment does at the doors of one endpoint: each function is told what is about to leave and
 * gives what leaves in its place. One that is absent changes nothing.
 */
export interface Behaviour {
  readonly ikeConfig?: (config: IkeConfig) => IkeConfig;
  readonly sealing?: (message: Sealing, payloads: readonly Payload[]) => readonly Payload[];
  /** ISAKMP messages, without non-ESP marker. */
  readonly ike?: (leaving: IkeLeaving) => readonly Leaving[];
  /** L2TP messages before ESP; data messages carry PPP frames. */
  readonly l2tp?: (leaving: L2tpLeaving) => readonly Leaving[];
  /** Sealed packets; these leave at once. */
  readonly esp?: (leaving: EspLeaving) => readonly Uint8Array[];
  /** Nothing that arrives is looked at any more. */
  readonly deaf?: () => boolean;
  /** It does not even begin, and why. */
  readonly cannotDial?: string;
  /** Asked when an SA pair was installed: take everything of IKE down at once? */
  readonly endsAtOnce?: boolean;
}

export function at(octets: Uint8Array, afterMs = 0): Leaving {
  return { octets, afterMs };
}

export function unchanged({ octets }: { readonly octets: Uint8Array }): readonly Leaving[] {
  return [at(octets)];
}
