import { howTo } from '../sources.ts';
import type { Entry } from './entry.ts';

/** Several clients at once. */
export const clientEntries = [
  {
    id: 'MULTI-1',
    when: 'clients behind one NAT, one responder, all with inner port 1701',
    must: 'all connect and pass, or what the responder declares of those it cannot tell apart',
    source: ['RFC 3948 section 5.2', 'strongSwan (connmark)', 'libreswan issue 423'],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'MULTI-2',
    when: 'five sales people at once from five places',
    must: 'all connect through the one policy `peer=any`',
    source: [howTo],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'MULTI-3',
    when: 'the same user twice',
    must: "per the responder's declared policy",
    source: ['our own choice'],
    confidence: 'D',
    state: 'built',
    unplayed: 'what the AlliedWare router does is undocumented, and what peers of others do is not declared',
  },
  {
    id: 'MULTI-4',
    when: 'clients with the same private address behind different NATs',
    must: 'all connect; SAs and L2TP are keyed by outer address and SPI, or as declared',
    source: ['RFC 3948 section 5'],
    confidence: 'D',
    state: 'built',
  },
  {
    id: 'MULTI-5',
    when: 'a later client behind the same NAT sends INITIAL-CONTACT',
    must: "the first client's SAs stay",
    source: ['RFC 3947 section 6'],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'MULTI-6',
    when: 'clients behind one NAT use the same L2TP tunnel id',
    must: 'all pass, unless the responder declares that it takes each id once from an address',
    source: ['xl2tpd commit 5f404c7'],
    confidence: 'V',
    state: 'built',
  },
] as const satisfies readonly Entry[];
