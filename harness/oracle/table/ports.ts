import { howTo } from '../sources.ts';
import type { Entry } from './entry.ts';

/**
 * The port setting. A legacy client proposes its local port 1701 and any remote one, an updated client the remote
 * port 1701; its local one is any per the How-To, and 1701 as logged from Vista and later.
 */
export const portEntries = [
  {
    id: 'PORT-1',
    when: 'router `lport=1701`, updated client: with any local port, or with 1701',
    must: 'connect',
    source: [`${howTo} (with any local port; with 1701 it is derived)`],
    confidence: 'D',
    state: 'built',
  },
  {
    id: 'PORT-2',
    when: 'router `rport=1701`, client that proposes another local port than 1701',
    must: 'stop at phase2: no matching policy',
    source: [howTo],
    confidence: 'D',
    state: 'built',
  },
  {
    id: 'PORT-3',
    when: 'router `rport=1701`, legacy client, no NAT',
    must: 'connect',
    source: [howTo],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'PORT-4',
    when: 'router `lport=1701`, legacy client',
    must: 'disputed',
    source: [howTo],
    confidence: 'D',
    state: 'disputed',
    readings: {
      a: 'stop at phase2: the identities do not match the policy',
      b: "stop at phase1: the How-To's note read literally",
    },
    unplayed: 'reading b',
  },
  {
    id: 'PORT-5',
    when: 'router `rport=1701`, updated client that proposes 1701 on both sides',
    must: 'disputed',
    source: [howTo, '[MS-L2TPIE] section 4'],
    confidence: 'D',
    state: 'disputed',
    readings: { a: 'connect: a policy that compares 1701 with 1701', b: 'stop at phase2, as PORT-2' },
    unplayed: 'reading b',
  },
  {
    id: 'PORT-6',
    when: "client behind a NAT that gives it another source port than 500, because another client's holds it",
    must: 'connect: the responder answers to the port seen',
    source: ['RFC 3947 section 4', 'RFC 4787 REQ-1'],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'PORT-7',
    when: 'router `lport=1701 rport=1701`',
    must: 'a client that proposes 1701 on both sides connects; any other stops at phase2: no matching policy',
    source: [howTo],
    confidence: 'D',
    state: 'built',
  },
] as const satisfies readonly Entry[];
