import { decodeMessage, encodeMessage } from '../isakmp/message.ts';
import type { Payload } from '../isakmp/payload.ts';
import { at, type IkeLeaving, type Leaving } from './impairment.ts';

/** A message in the clear with other payloads in place of its own; as it is where `change` gives none. */
export function withPayloads(
  { octets }: IkeLeaving,
  change: (payloads: readonly Payload[]) => readonly Payload[] | undefined,
): readonly Leaving[] {
  const message = decodeMessage(octets);
  if (!message.ok || message.value.header.flags.encryption) return [at(octets)];
  const { header, payloads } = message.value;
  const changed = change(payloads.map(({ payload }) => payload));
  return [at(changed === undefined ? octets : encodeMessage(header, changed))];
}

/** Main mode 3 and 4, aggressive mode 1 and 2: KE and nonce in the clear (RFC 2409 5.4). */
export function isKeyExchange({ exchange, message }: IkeLeaving): boolean {
  if (exchange === 'aggressive-mode') return message <= 2;
  return exchange === 'main-mode' && (message === 3 || message === 4);
}

/** A message of phase 1, which may carry NAT-D in the clear: main mode 3 and 4, aggressive mode 2 and 3 (RFC 3947 3.2). */
export function isPhase1({ exchange }: IkeLeaving): boolean {
  return exchange === 'main-mode' || exchange === 'aggressive-mode';
}
