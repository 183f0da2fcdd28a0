import { vpnPost } from '../sources.ts';
import type { Entry } from './entry.ts';

/** What is agreed and does not fit, what SAs live through, and what a connection looks like on the wire. */
export const lifeEntries = [
  {
    id: 'ESP-1',
    when: 'HMAC-SHA2-256 truncated to 96 bits on one side, to 128 on the other',
    must: 'stop at esp: the integrity check fails although both phases complete',
    source: ['RFC 4868 section 2.6', 'setup-ipsec-vpn (sha2-truncbug)'],
    confidence: 'D',
    state: 'built',
  },
  {
    id: 'ESP-2',
    when: 'encapsulation number of another revision (61444 for 4)',
    must: 'a strict peer stops at phase2, a tolerant one connects',
    source: ['RFC 3947 section 5.1', 'strongSwan (proposal_substructure.c)'],
    confidence: 'D',
    state: 'built',
  },
  {
    id: 'ESP-3',
    when: 'NAT-T transport mode, NAT-OA absent, doubled or wrong',
    must: 'connect where the receiver zeroes or recomputes checksums; with a wrong NAT-OA that is applied, stop at l2tp-tunnel',
    source: ['RFC 3948 section 3.1.2', '[MS-IKEE] section 3.1.5'],
    confidence: 'D',
    state: 'built',
    unplayed: 'NAT-OA that is doubled or wrong',
  },
  {
    id: 'LIFE-1',
    when: 'phases 1 and 2 rekey under traffic across NAT',
    must: 'survives, the old SA accepted until deleted; no new PPP',
    source: ['RFC 2409', 'RFC 3947 section 4'],
    confidence: 'D',
    state: 'built',
  },
  {
    id: 'LIFE-2',
    when: 'responder loses its state; client redials before its old SAs expire',
    must: 'the new attempt connects; the old SPI gets silence or INVALID-SPI',
    source: ['RFC 2408', 'RFC 4303'],
    confidence: 'D',
    state: 'built',
    unplayed: 'an old SA that a client goes on using beside its new ones',
  },
  {
    id: 'LINK-1',
    when: 'a wire on the way loses, doubles or reorders packets now and then',
    must: 'connect: what is not answered is sent again, and what comes twice or late is taken once',
    source: ['RFC 2408 section 5.1', 'RFC 2661 section 5.8', 'RFC 1661 section 4.6'],
    confidence: 'D',
    state: 'built',
  },
  {
    id: 'WIRE-1',
    when: 'any connecting cell, without loss',
    must: '6 messages of main mode, or 3 of aggressive mode where the client declares it, 3 quick mode messages (4 with the commit bit); no end drops a packet for its ICV, padding, number, checksum or form',
    source: [
      `${vpnPost} ("5 or 6 ... Main Mode", "about 4 ... Quick Mode")`,
      'RFC 2409 section 5',
      'RFC 4303 section 3.4',
    ],
    confidence: 'V',
    state: 'built',
  },
] as const satisfies readonly Entry[];
