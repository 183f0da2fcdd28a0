import { howTo } from '../sources.ts';
import type { Entry } from './entry.ts';

const retransmission = ['RFC 2408 section 5.1', 'RFC 2661 section 5.8'];
const allLayers = [...retransmission, 'RFC 1661 section 4.6'];

/** Name of the impairment, what a correct peer makes of it, and of what the RFCs ask of a receiver that follows. */
const rows: readonly (readonly [string, string, readonly string[]])[] = [
  ['service-stopped', 'stop at reach: nothing was sent', [howTo]],
  ['drop', 'connect', retransmission],
  ['delay', 'connect', retransmission],
  ['duplicate', 'connect', retransmission],
  ['reorder', 'connect', retransmission],
  ['wrong-nat-d', 'connect', ['RFC 3947 sections 3.2, 5.1']],
  ['extra-nat-d', 'connect', ['RFC 3947 section 3.2']],
  ['nat-d-wrong-order', 'connect', ['RFC 3947 section 3.2']],
  ['no-nat-d', 'stop at phase2: nobody takes or gives ESP in UDP', ['RFC 3947 sections 3.2, 5.1']],
  [
    'wrong-hash',
    'stop at the phase whose hash is wrong',
    ['RFC 2409 sections 5, 5.5', 'RFC 2408 section 5.10'],
  ],
  ['wrong-identity', 'stop at phase1', ['RFC 2407 section 4.6.2', howTo]],
  ['truncated-payload', 'stop at phase1: no answer', ['RFC 2409 section 5']],
  ['over-long-payload', 'stop at phase1: no answer', ['RFC 2409 section 5']],
  ['payload-length-lies', 'stop at phase1: no answer', ['RFC 2408 section 5.1']],
  ['reserved-not-zero', 'stop at phase1: no answer', ['RFC 2408 section 5.3']],
  ['unknown-payload', 'connect', ['RFC 2408 section 3.1']],
  ['oversized', 'connect, where its parts come through (NAT-22)', ['RFC 2408 section 3.16']],
  ['stale-message-id', 'connect', ['RFC 2409 section 5.7']],
  ['repeated-message-id', 'connect', ['RFC 2409 section 5.5']],
  ['wrong-cookie', 'connect', ['RFC 2408 section 5.2']],
  ['unprotected-notify', 'connect', ['RFC 2408 sections 5.14, 5.15', 'RFC 2409 section 5.7']],
  ['wrong-spi-in-delete', 'connect', ['RFC 2408 section 5.15']],
  ['delete-at-once', 'stop at esp: deleted by the peer', ['RFC 2408 sections 3.15, 5.15']],
  [
    'encapsulation-number',
    'stop at phase2 where the responder is strict and ESP goes in UDP',
    ['RFC 3947 section 5.1'],
  ],
  ['bad-padding', 'connect', ['RFC 4303 section 2.4']],
  ['bad-icv', 'connect', ['RFC 4303 section 3.4.4']],
  ['replayed-esp', 'connect', ['RFC 4303 section 3.4.3']],
  ['stale-esp-sequence', 'connect', ['RFC 4303 section 3.4.3']],
  ['l2tp-window-violation', 'connect', ['RFC 2661 section 5.8']],
  ['l2tp-out-of-order', 'connect', ['RFC 2661 sections 5.2, 5.3']],
  ['l2tp-unknown-mandatory-avp', 'stop at l2tp-tunnel', ['RFC 2661 sections 4.1, 4.4.2']],
  ['l2tp-wrong-tunnel-id', 'connect', ['RFC 2661 sections 3.1, 5.8']],
  ['ppp-bad-magic', 'connect: no cell lasts until the link is ended', ['RFC 1661 sections 5.8, 6.4']],
  ['ppp-echo-silent', 'connect', ['RFC 1661 section 5.8']],
  ['ppp-config-loop', 'stop at ppp-lcp', ['RFC 1661 section 4.6']],
  ['wrong-chap-response', 'stop at ppp-auth', ['RFC 1994 section 4.2']],
  ['silent-at', 'stop at the first step that waits for the dead end', allLayers],
  ['slow', 'connect', allLayers],
];

/** One end misbehaves on request. */
export const impairmentEntries = rows.map(
  ([name, must, source]): Entry<`IMPAIR-${string}`> => ({
    id: `IMPAIR-${name.toUpperCase()}`,
    when: `one end plays ${name}`,
    must,
    source,
    confidence: 'D',
    state: 'built',
  }),
);
