import type { Evidence } from './evidence.ts';

/** What no slowness explains: octets that changed, were sent twice, or never were right (RFC 4303 3.4). */
const spoilt = ['bad-icv', 'bad-padding', 'replayed', 'bad-checksum', 'malformed'];

/**
 * That no end dropped a packet for what was in it; an end that does not tell is left out. Where time is virtual nothing is
 * late either, and what an end did not expect was wrong.
 */
export function spoiltFinding({ client, responder, traffic }: Evidence): {
  readonly ok: boolean;
  readonly detail: string;
} {
  const reasons = traffic?.datagrams ? [...spoilt, 'unexpected'] : spoilt;
  const words = Object.entries({ client, responder }).flatMap(([who, peer]) =>
    reasons.flatMap((reason) => {
      const count = peer?.drops?.[reason] ?? 0;
      return count === 0 ? [] : [`the ${who} dropped ${count}: ${reason}`];
    }),
  );
  return { ok: words.length === 0, detail: words.join(', ') || 'nothing' };
}
