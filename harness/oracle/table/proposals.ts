import { howTo } from '../sources.ts';
import type { Entry } from './entry.ts';

/** Proposals and credentials of IKE. */
export const proposalEntries = [
  {
    id: 'PROP-1',
    when: 'any two orders with a common transform',
    must: "connect on the transform that the responder's declared choice rule gives",
    source: [`${howTo} ("the ORDER of proposals is important")`, 'RFC 2408 section 4.2'],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'PROP-2',
    when: 'no common transform in phase 1',
    must: 'stop at phase1; whether NO-PROPOSAL-CHOSEN is sent is declared',
    source: ['RFC 2408 section 5.4 (MAY)'],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'PROP-3',
    when: 'no common transform in phase 2',
    must: 'stop at phase2; notify as PROP-2, encrypted',
    source: ['RFC 2408 section 5.4 (MAY)'],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'PROP-4',
    when: 'initiator asks PFS and responder has none, or the reverse',
    must: 'per declared policy: a strict one stops at phase2, one that obeys connects; RouterOS against Windows without PFS disputed',
    source: ['RFC 2409 section 5.5', 'MikroTik (exports of RouterOS 6)'],
    confidence: 'D',
    state: 'built',
    readings: { a: 'RouterOS refuses Windows without PFS: stop at phase2', b: 'it connects' },
    unplayed: 'RouterOS as responder, and so both readings',
  },
  {
    id: 'PROP-5',
    when: 'the weak transform comes first, both allow all',
    must: 'connect on the weak one where that order rules, with a downgrade warning',
    source: [`${howTo} ("propose the strongest encryption first")`],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'PROP-6',
    when: 'wrong pre-shared key',
    must: 'stop at phase1: main mode, message 5 cannot be decrypted; aggressive mode, the initiator rejects HASH_R',
    source: ['RFC 2409 section 5.4'],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'PROP-7',
    when: 'lifetimes differ',
    must: 'connect: the responder obeys or keeps to the shorter one (RESPONDER-LIFETIME); a strict one would stop',
    source: ['RFC 2407 section 4.5.4'],
    confidence: 'V',
    state: 'built',
    unplayed: 'a responder that is strict about lifetimes',
  },
  {
    id: 'PROP-8',
    when: 'client begins in aggressive mode, responder is set up for main mode alone',
    must: 'stop at phase1: no policy',
    source: ['RFC 2409 section 5 (main mode MUST, aggressive mode SHOULD)'],
    confidence: 'V',
    state: 'built',
  },
] as const satisfies readonly Entry[];
