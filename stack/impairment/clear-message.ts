import { decodeMessage, encodeMessage } from '../isakmp/message.ts';
import type { Payload } from '../isakmp/payload.ts';
import { at, type IkeLeaving, type Leaving } from './impairment.ts';

/** The payloads of an ISAKMP message in the clear, in place of its own. */
export function withPayloads(
  { octets }: IkeLeaving,
  change: (payloads: readonly Payload[]) => readonly Payload[],
): readonly Leaving[] {
  const message = decodeMessage(octets);
  if (!message.ok || message.value.header.flags.encryption) return [at(octets)];
  const { header, payloads } = message.value;
  return [at(encodeMessage(header, change(payloads.map(({ payload }) => payload))))];
}

/** Main mode 3 and 4, which carry KE, nonce and NAT-D in the clear (RFC 2409 5.4, RFC 3947 3.2). */
export function isKeyExchange({ exchange, message }: IkeLeaving): boolean {
  return exchange === 'main-mode' && (message === 3 || message === 4);
}
