import { type Advice, derived, howTo, verified } from './explanation.ts';

/** What failed although the connection came to what was expected: by the name of the check, or its beginning. */
export const ofChecks: Readonly<Record<string, Advice>> = {
  'no L2TP outside IPsec': {
    id: 'clear-l2tp',
    means: 'L2TP was seen in the clear: whoever can read the wire can read the tunnel.',
    remedies: [
      'Admit UDP 1701 through IPsec alone (AlliedWare: firewall rule 3 with encap=ipsec), and close it outside.',
    ],
    sources: [verified(howTo)],
  },
  'no inner address outside': {
    id: 'inner-address-outside',
    means: 'Packets with addresses of the tunnel or of the office were seen on a public wire.',
    remedies: [
      'Look which end sent them after the tunnel had gone, and give it no route for them but the tunnel.',
    ],
    sources: [derived(howTo)],
  },
  'esp-in-udp': {
    id: 'esp-not-in-udp',
    means: 'There is NAT, and ESP did not go in UDP 4500 as it has to.',
    remedies: ['Compare the NAT-T revisions that both ends name, and what each says of NAT detection.'],
    sources: [verified('RFC 3948')],
  },
  'esp-as-protocol-50': {
    id: 'esp-in-udp-without-nat',
    means: 'There is no NAT, and ESP was put into UDP all the same.',
    remedies: ['An end pretends NAT (forced encapsulation), or computes its NAT-D hashes wrongly.'],
    sources: [verified('RFC 3947')],
  },
  'port-float': {
    id: 'port-float',
    means: 'IKE moved to UDP 4500 where it should stay on 500, or stayed where it should move.',
    remedies: [
      'With RFC 3947 and the drafts from 02 on it moves with message 5 where NAT is seen, and only there.',
    ],
    sources: [verified('RFC 3947')],
  },
  'browses-from': {
    id: 'browses-from',
    means: 'The Internet hears the client from another address than its setting of the default gateway says.',
    remedies: [
      'Windows: "route print" while it is connected. "Use default gateway on remote network" decides whose default route wins.',
      'From the office, but by a wrong address: gblinterface= of "nat=enhanced int=dyn-dynamic" names the interface whose address is used.',
    ],
    sources: [verified(howTo), verified('VPN Setup with L2TP & IPSEC')],
  },
  'downgrade-warning': {
    id: 'downgrade',
    means: 'A weak transform was taken although both ends had a better one, and nobody warned of it.',
    remedies: ['Propose the strongest encryption first at both ends.'],
    sources: [verified(howTo)],
  },
  'nothing-left': {
    id: 'nothing-left',
    means: 'After hanging up an end still has SAs, a tunnel or an address in use: the next dial may fail.',
    remedies: ['AlliedWare: senddeletes=true in the ISAKMP policy, echo=30 in the PPP template.'],
    sources: [verified(howTo)],
  },
};

/** Of a cell that connected where the rules have it stop. */
export const ofConnecting: Advice = {
  id: 'connected',
  means:
    'It connected where the rule table has it stop: what should refuse it is missing, turned off, or more lenient than declared.',
  remedies: [
    'If the peer is right, its declaration or the rule is wrong: see the rules of the cell (--cell ... --explain).',
  ],
  sources: [verified('our own choice')],
};
