import { enhancements, howTo, vpnPost } from '../sources.ts';
import type { Entry } from './entry.ts';

const refusing = [
  `${howTo} (registry value 0)`,
  'KB 885407',
  'setup-ipsec-vpn issue 288',
  'libreswan issue 2014, and 199, 254, 423',
] as const;
const xpReadings = {
  a: 'XP SP2 stops after message 4: at nat-detection',
  b: 'XP SP2 completes both phases and sends no ESP, as Vista: at esp',
} as const;

/** Windows clients. "The rule" is AssumeUDPEncapsulationContextOnSendRule. */
export const windowsEntries = [
  {
    id: 'WIN-1',
    when: "rule 0, the client's NAT-D says that the responder is behind NAT (or encapsulation is forced)",
    must: 'Vista and later: stop at esp, both phases complete and no ESP comes, error 809; XP SP2 disputed',
    source: refusing,
    confidence: 'V',
    state: 'built',
    readings: xpReadings,
  },
  {
    id: 'WIN-2',
    when: 'rule 1, responder behind NAT, client not',
    must: 'connect',
    source: [howTo],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'WIN-3',
    when: 'rule 1, both behind NAT (or client behind NAT and forced encapsulation)',
    must: 'as WIN-1',
    source: ['KB 885407', '[MS-FASP] section 2.2.41', howTo],
    confidence: 'D',
    state: 'built',
    readings: xpReadings,
  },
  {
    id: 'WIN-4',
    when: 'rule 2, responder behind NAT or forced encapsulation',
    must: 'connect',
    source: [howTo, vpnPost],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'WIN-5',
    when: 'rule 0, only the client behind NAT',
    must: 'connect',
    source: [howTo],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'WIN-6',
    when: 'Windows 2000 or XP before SP2, with KB 818043; responder behind NAT with forwards',
    must: 'connect: the rule does not exist there',
    source: ['KB 885407', enhancements],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'WIN-7',
    when: 'XP without SP2 and without KB 818043, no NAT, router with `rport`',
    must: 'connect',
    source: [howTo],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'WIN-8',
    when: 'Windows 7 to 11 against a policy of 3DES, SHA and group 2',
    must: 'phase 1 on the last transform 3DES-SHA1-modp1024, phase 2 ESP 3DES-SHA1; then PPP-5 decides',
    source: ['pastebin EmQnXqsn', 'CentreCOM AR450S Command Reference 2.9 (no group above 2)'],
    confidence: 'D',
    state: 'built',
  },
  {
    id: 'WIN-9',
    when: 'XP or 2000 with KB 818043 against a 2003 server: NegotiateDH2048 = 1 / absent',
    must: 'modp2048 / modp1024 in phase 1',
    source: [enhancements],
    confidence: 'D',
    state: 'built',
  },
  {
    id: 'WIN-10',
    when: 'pre-shared key with characters outside letters and digits',
    must: 'disputed: as its readings say; a warning is given always',
    source: [`${howTo} ("needs to be alphanumeric only")`],
    confidence: 'R',
    state: 'disputed',
    readings: {
      a: 'the router rejects the key',
      b: 'both accept, and the octets differ: stop at phase1, as PROP-6; where they are the same, connect',
    },
  },
  {
    id: 'WIN-11',
    when: 'rule 2 under the key of another Windows version, or under the right one without a reboot',
    must: 'as rule 0',
    source: [`${vpnPost} ("you must reboot")`, 'KB 947234'],
    confidence: 'D',
    state: 'built',
  },
  {
    id: 'WIN-12',
    when: "client's IPsec service stopped",
    must: 'stop at reach: no message 1 leaves',
    source: [`${howTo} (other utilities and the policy agent)`],
    confidence: 'D',
    state: 'built',
  },
  {
    id: 'WIN-13',
    when: 'KB 818043 client behind NAT, Windows 2000 server',
    must: 'disputed',
    source: [`${enhancements} ("it seems logical to assume")`],
    confidence: 'R',
    state: 'disputed',
    readings: { a: 'connect', b: 'as NAT-7' },
  },
] as const satisfies readonly Entry[];
