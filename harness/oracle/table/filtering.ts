import { enhancements, howTo, vpnPost } from '../sources.ts';
import type { Entry } from './entry.ts';

/** A gateway that filters and does not translate. */
export const filteringEntries = [
  {
    id: 'FW-1',
    when: 'permits UDP 500, UDP 4500 and protocol 50',
    must: 'connect',
    source: [howTo],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'FW-2',
    when: 'permits UDP 500 and 4500 and not protocol 50, no NAT in the path',
    must: 'stop at esp: both IKE phases complete, protocol 50 is dropped',
    source: [howTo],
    confidence: 'D',
    state: 'built',
  },
  {
    id: 'FW-3',
    when: '"TCP port 50" in the place of protocol 50: without NAT / with NAT in the path',
    must: 'as FW-2 / connect: ESP is in UDP 4500',
    source: [`${enhancements} (its error)`, `${vpnPost} (protocol 50)`],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'FW-4',
    when: 'additionally permits UDP 1701 on the outside',
    must: 'makes no difference: L2TP is inside ESP',
    source: [`${howTo} (encap=ipsec)`],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'FW-5',
    when: 'plain L2TP (UDP 1701, no IPsec) reaches the responder',
    must: 'stop at l2tp-tunnel: SCCRQ unanswered, L2TP is let in out of IPsec alone; where it does not arrive, at reach',
    source: [`${howTo} (encap=ipsec)`],
    confidence: 'D',
    state: 'built',
  },
  {
    id: 'FW-6',
    when: 'additionally permits protocol 51',
    must: 'makes no difference',
    source: [vpnPost],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'FW-7',
    when: 'the office has another address than the one that the client dials',
    must: 'stop at reach',
    source: [`${howTo} ("your office must have a fixed Internet address")`],
    confidence: 'V',
    state: 'built',
  },
  {
    id: 'FW-8',
    when: 'does not permit UDP 500 / permits it and not UDP 4500, which NAT-T needs',
    must: 'stop at reach / at phase1: message 5 unanswered',
    source: [`${howTo} (permit rules for UDP 500 and UDP 4500)`],
    confidence: 'D',
    state: 'built',
  },
] as const satisfies readonly Entry[];
