import type { HeaderStart } from '../isakmp/message.ts';
import type { Payload } from '../isakmp/payload.ts';
import type { Phase1Keys } from './phase1-keys.ts';

/** A message on its way to encryption: what an impairment needs to hash or seal one of its own. */
export interface Sealing {
  readonly keys: Phase1Keys;
  /** Of this message. A first message of phase 2 has it from its message id alone (RFC 2409 appendix B). */
  readonly iv: Uint8Array;
  readonly start: Omit<HeaderStart, 'flags'>;
}

/** What an end that misbehaves on request does inside IKE (`stack/impairment`). */
export interface IkeTamper {
  /** The payloads that are encrypted in place of these; HASH is among them already. */
  readonly sealing: (message: Sealing, payloads: readonly Payload[]) => readonly Payload[];
}
