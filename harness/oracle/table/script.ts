import { howTo } from '../sources.ts';
import type { Entry } from './entry.ts';

/** The AlliedWare script, line by line. */
export const scriptEntries = [
  {
    id: 'AW-1',
    when: 'no `internet` permit policy, and the `isakmp` or `isakmp_float` permit missing (the latter with NAT)',
    must: 'stop at reach / at phase1 (message 5); with the `internet` permit: connect',
    source: [`${howTo} ("then the ... permit policies are actually optional")`],
    confidence: 'D',
    state: 'built',
  },
  {
    id: 'AW-2',
    when: 'firewall rule 1, rule 2 (with NAT) or rule 3 missing',
    must: 'stop at reach / phase1 / l2tp-tunnel',
    source: [howTo],
    confidence: 'D',
    state: 'built',
  },
  {
    id: 'AW-3',
    when: 'system security off, router reboots',
    must: 'the key is lost: stop at phase1, where the router answers message 1 and falls silent at message 3',
    source: [
      `${howTo} ("rebooting the router destroys encryption keys"; what it does without a key is derived)`,
    ],
    confidence: 'D',
    state: 'built',
  },
  {
    id: 'AW-4',
    when: 'no 3DES licence',
    must: 'XP connects on DES-SHA1; a client without DES stops at phase1 or phase2',
    source: [howTo],
    confidence: 'D',
    state: 'built',
  },
  {
    id: 'AW-5',
    when: 'AlliedWare before 2.6.4, client behind NAT',
    must: 'as NAT-7',
    source: [`${howTo} ("supported on all AlliedWare versions since 2.6.4")`],
    confidence: 'D',
    state: 'built',
  },
  {
    id: 'AW-6',
    when: 'script as printed: its ISAKMP policy sets no encryption, hash or group',
    must: 'as its readings say; where both let a client in, it connects',
    source: [howTo, 'CentreCOM AR450S Command Reference 2.9', 'pastebin EmQnXqsn (what Windows 7 offers)'],
    confidence: 'R',
    state: 'disputed',
    readings: {
      a: 'the defaults are DES, SHA and group 1: XP connects on them, Vista and later stop at phase1',
      b: 'all connect',
    },
  },
] as const satisfies readonly Entry[];
