import type { ResponderFacts } from '../oracle/facts.ts';

type ClientsBehindOneNat = ResponderFacts['clientsBehindOneNat'];

/**
 * What becomes of clients behind one NAT whose L2TP comes from one port, at an IKE daemon with xl2tpd on Linux. To
 * the kernel they are one: it has one outbound policy for a pair of addresses and ports, and each new SA takes the
 * last one's place there (RFC 3948 5.2 names the conflict). What is for the first client then goes to the latest.
 *
 * Whether the latest gets anywhere depends on how the kernel finds the session of an L2TP data message. xl2tpd opens
 * a socket for each tunnel; these have the same addresses and ports too.
 */
const first = { kind: 'stop', stage: 'hold', reason: 'sa-replaced' } as const;

/**
 * Linux 6.1 finds it in the tunnel of the socket, and all messages come to the first tunnel's: of two equal sockets
 * UDP takes the one that has received before (net/ipv4/udp.c, compute_score). Control messages reach xl2tpd, which
 * knows tunnels by their ids; PPP of a later client reaches no session and is never answered.
 */
export const sessionOfSocket: ClientsBehindOneNat = {
  toldApartBy: 'address-and-port',
  first,
  later: { kind: 'stop', stage: 'ppp-lcp', reason: 'sa-replaced' },
};

/**
 * With a mark for each SA, put on the answers by connection tracking (strongSwan's plugin connmark). It knows both
 * clients as one connection, with the mark of who spoke last: answers arrive, each after its question. What begins in
 * the office goes to the last speaker, and under load from both at once most of one's answers go to the other.
 */
export const marksOfLastSpeaker: ClientsBehindOneNat = { toldApartBy: 'sa' };

/** Linux 6.12 finds it by the ids of tunnel and session in the message, whichever socket that comes to. */
export const sessionOfIds: ClientsBehindOneNat = {
  toldApartBy: 'address-and-port',
  first,
  later: { kind: 'connect' },
};
