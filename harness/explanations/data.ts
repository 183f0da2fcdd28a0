import { derived, type Explanation, howTo, recalled, verified } from './explanation.ts';

const natArticle = 'Using NAT with L2TP over IPSec';

/** Of ESP, L2TP, PPP and what goes through them. */
export const ofData: readonly Explanation[] = [
  {
    id: 'protocol-50',
    at: [{ stage: 'esp', reason: 'esp-dropped' }],
    means: 'Both phases are complete, and ESP as IP protocol 50 is dropped on the way.',
    remedies: [
      'Permit IP protocol 50 on every filter of the path. "TCP port 50", as one article has it, is something else.',
    ],
    sources: [verified(howTo), verified('IPSec Enhancements for Windows XP and Win2K')],
  },
  {
    id: 'protocol-50-at-nat',
    at: [{ stage: 'esp', reason: 'esp-dropped' }],
    where: ['no common NAT-T revision'],
    means:
      'Without NAT-T ESP has no ports, and the NAT gateway drops it or knows nobody to give the answer to.',
    remedies: [
      'Turn NAT-T on at both ends: ESP then goes in UDP 4500. Or let the gateway forward protocol 50 to one inside host.',
    ],
    sources: [verified('Remote Access IPSec VPNs: Pros and Cons of 2 Common Clients'), derived(natArticle)],
  },
  {
    id: 'truncation',
    at: [{ stage: 'esp', reason: 'bad-icv' }],
    means:
      'ESP arrives and fails its integrity check: one end truncates HMAC-SHA2-256 to 96 bits, the other to 128.',
    remedies: [
      'Propose SHA-1, or update the end that truncates to 96 bits; some responders have a setting for old peers.',
    ],
    sources: [verified('RFC 4868'), derived('setup-ipsec-vpn')],
  },
  {
    id: 'deleted',
    at: [{ stage: 'esp', reason: 'deleted-by-peer' }],
    means: 'The other end deleted the SAs as soon as they stood.',
    remedies: [
      'Read its log: it may limit SAs for each peer, or take a new connection for a repetition of an old one.',
    ],
    sources: [verified('RFC 2408')],
  },
  {
    id: 'checksum',
    at: [{ stage: 'l2tp-tunnel', reason: 'bad-checksum' }],
    means:
      'ESP in transport mode crossed NAT without NAT-T: the UDP checksum inside covers addresses that the NAT has changed.',
    remedies: ['Turn NAT-T on at both ends: it tells the receiver the original addresses.'],
    sources: [verified('RFC 3715'), verified(natArticle)],
  },
  {
    id: 'tunnel-id',
    at: [{ stage: 'l2tp-tunnel', reason: 'tunnel-id-taken' }],
    means:
      'Two clients behind one NAT use the same L2TP tunnel id: Windows counts its attempts since it was started.',
    remedies: [
      'Dial once more with one of them. A responder that tells clients apart by their SAs does not have this.',
    ],
    sources: [verified('xl2tpd commit 5f404c7')],
  },
  {
    id: 'clear-l2tp-unanswered',
    at: [{ stage: 'l2tp-tunnel', reason: 'no-answer' }],
    where: ['client without IPsec'],
    means:
      'The client dials L2TP without IPsec, and the responder takes L2TP out of IPsec alone: it does not answer.',
    remedies: [
      'Turn IPsec on at the client (Windows: type of VPN "L2TP IPSec VPN"; ProhibitIpSec = 1 turns it off, from memory).',
      'Do not open the router for it: rule 3 without encap=ipsec would answer everybody, and nothing would be encrypted.',
    ],
    sources: [verified(howTo), recalled],
  },
  {
    id: 'rule-3',
    at: [{ stage: 'l2tp-tunnel', reason: 'no-answer' }],
    means: 'ESP arrives, and L2TP inside it is not answered.',
    remedies: [
      'AlliedWare: firewall rule 3 (port=1701 encap=ipsec), "enable l2tp", "enable l2tp server=both", "add l2tp ip=... ppptemplate=1".',
      'UDP 1701 outside IPsec has to stay closed: L2TP that reaches the router in the clear is not answered.',
    ],
    sources: [verified(howTo)],
  },
  {
    id: 'mandatory-avp',
    at: [{ stage: 'l2tp-tunnel', reason: 'no-policy' }],
    means:
      'An end ended the L2TP tunnel: an AVP that it must understand is unknown to it, or its policy forbids the tunnel.',
    remedies: [
      'Update the end that complains, or turn off what the other one asks for; the result code in StopCCN says more.',
    ],
    sources: [verified('RFC 2661')],
  },
  {
    id: 'l2tp-ports',
    at: [{ stage: 'l2tp-session' }],
    means: 'The tunnel stands, and the call in it does not.',
    remedies: [
      'The responder may have fewer L2TP ports than clients: add some (Windows Server: Ports in Routing and Remote Access).',
    ],
    sources: [derived('VPN Setup with L2TP & IPSEC')],
  },
  {
    id: 'authentication-protocol',
    at: [{ stage: 'ppp-lcp', reason: 'ppp-refused' }],
    means: 'The ends agree on no PPP authentication protocol (or on another option of LCP).',
    remedies: [
      'The How-To demands CHAP: tick it on the Security tab of the Windows connection (Advanced, Settings).',
      'A server that has MS-CHAPv2 alone needs that ticked; a router, authentication= of its PPP template.',
    ],
    sources: [verified(howTo), verified('setup-ipsec-vpn'), verified('RFC 1661')],
  },
  {
    id: 'data-plane',
    at: [{ stage: 'ppp-lcp', reason: 'no-data-plane' }],
    means: "The client speaks L2TP's control messages alone; nothing behind it carries PPP.",
    remedies: [
      'Nothing is wrong with the path. Use a client with a PPP program, or a kernel with L2TP and PPP.',
    ],
    sources: [verified('RFC 2661')],
  },
  {
    id: 'one-address',
    at: [
      { stage: 'ppp-lcp', reason: 'sa-replaced' },
      { stage: 'hold', reason: 'sa-replaced' },
    ],
    means: 'Two clients behind one NAT are one to the responder: what is for the first goes to the latest.',
    remedies: [
      'Use a responder that tells them apart by their SAs (ours does), or strongSwan with its plugin connmark.',
      'Clients whose L2TP has a source port of its own do not collide either (NetworkManager-l2tp, macOS).',
    ],
    sources: [verified('RFC 3948'), verified('strongSwan')],
  },
  {
    id: 'password',
    at: [{ stage: 'ppp-auth', reason: 'ppp-auth-failed' }],
    means:
      'User name or password is wrong, or the user may not dial in, or is in already where a server lets each in once.',
    remedies: [
      'AlliedWare: "add user=... password=..." or its RADIUS server. Windows Server: group and remote access policy of the user.',
    ],
    sources: [verified(howTo), verified('VPN Setup with L2TP & IPSEC')],
  },
  {
    id: 'pool',
    at: [{ stage: 'ppp-ipcp', reason: 'pool-exhausted' }],
    means: 'The responder has no address left for this user.',
    remedies: [
      'Make the pool larger ("create ip pool=myippool ip=..."), or give users addresses of their own (ip= in the user database).',
    ],
    sources: [verified(howTo)],
  },
  {
    id: 'ppp-silence',
    at: [
      { stage: 'ppp-lcp', reason: 'no-answer' },
      { stage: 'ppp-auth', reason: 'no-answer' },
      { stage: 'ppp-ipcp', reason: 'no-answer' },
    ],
    means:
      'The responder fell silent in the middle of PPP: it, or a server that it asks (RADIUS), does not answer.',
    remedies: ["Read the responder's log of that second; ask its RADIUS server from the router itself."],
    sources: [verified('RFC 1661'), derived(howTo)],
  },
  {
    id: 'route',
    at: [{ stage: 'traffic', reason: 'no-traffic' }],
    means: 'The connection stands and carries nothing: most often a route.',
    remedies: [
      'Hotel and office with the same subnet: renumber the office, or add a more specific route. "tracert" shows which way packets go.',
      'Internet through the tunnel needs "nat=enhanced int=dyn-dynamic" on the router; else untick "Use default gateway on remote network".',
    ],
    sources: [verified(howTo), verified('VPN Setup with L2TP & IPSEC'), derived('RFC 4787')],
  },
  {
    id: 'untranslated-users',
    at: [{ stage: 'traffic', reason: 'not-translated' }],
    means:
      'The office answers, the Internet does not: the router lets VPN users out with their inner addresses.',
    remedies: [
      'AlliedWare: "add fire policy=main nat=enhanced int=dyn-dynamic gblinterface=eth0" gives them the router\'s own address.',
      'Or untick "Use default gateway on remote network": the client then browses beside the tunnel, and the office may need a route.',
    ],
    sources: [verified(howTo), verified('VPN Setup with L2TP & IPSEC')],
  },
  {
    id: 'mtu',
    at: [
      { stage: 'traffic', reason: 'large-packets-lost' },
      { stage: 'traffic', reason: 'unknown' },
    ],
    means: 'Some traffic passes and some does not: small packets do, full-size ones often do not.',
    remedies: [
      'Lower the MTU of the PPP link (1400, as Windows has it) or clamp the MSS on the router; let ICMP "too big" pass.',
      'A PPP link of 1450 or more makes packets that no Ethernet carries whole: behind a NAT that drops fragments take 1400.',
    ],
    sources: [verified('NetworkManager-l2tp issues'), derived('RFC 3948')],
  },
  {
    id: 'idle-mapping',
    at: [{ stage: 'hold', reason: 'no-traffic' }],
    means:
      'The connection was idle, or its NAT mapping changed, and what the responder sends no longer arrives.',
    remedies: [
      'Send keepalives (every 20 s) more often than the NAT forgets UDP; Vista before SP2 sends none: redial, or let the client ping.',
      'A responder that does not follow a new port needs a redial.',
    ],
    sources: [verified('RFC 3948'), verified('[MS-IKEE]')],
  },
  {
    id: 'never-replaced',
    at: [{ stage: 'hold', reason: 'no-rekey' }],
    means:
      'The SAs came to their end and nobody replaced them: neither end began a new main mode or quick mode.',
    remedies: [
      'One end has to begin before a lifetime is over: where the client leaves it to the router (iOS, Android), the router must.',
    ],
    sources: [verified('RFC 2409'), derived('[MS-IKEE]')],
  },
  {
    id: 'link-lost',
    at: [{ stage: 'hold', reason: 'link-lost' }],
    means:
      'L2TP or PPP ended although both ends were there: new SAs or echoes did not keep it, or the same user came in again.',
    remedies: [
      'Give each caller a user of its own: some servers end the earlier link of one who comes in twice.',
      'Read at both ends which layer ended first. Echoes that are not answered end a link that is alive: try without echo=.',
    ],
    sources: [derived(howTo), verified('RFC 1661')],
  },
  {
    id: 'stale-esp',
    at: [{ stage: 'hold', reason: 'stale-esp-answered' }],
    means: 'The responder answered ESP of SAs that it should have lost or given up.',
    remedies: [
      'It has to drop ESP under an SPI that it does not have, or to say INVALID-SPI, and nothing else.',
    ],
    sources: [verified('RFC 4303'), verified('RFC 2408')],
  },
  {
    id: 'redial',
    at: [{ stage: 'hold', reason: 'redial-failed' }],
    means: 'The client came back from the address that it had before, and got no new connection.',
    remedies: [
      'Something of the old one stands in the way: an SA, a tunnel or an address. INITIAL-CONTACT, dead peer detection and echo=30 clear it.',
    ],
    sources: [derived('RFC 2407'), verified(howTo)],
  },
  {
    id: 'silent-client',
    at: [{ stage: 'hold', reason: 'state-left-behind' }],
    means:
      'A client that is gone without a word (power, radio) still has its link or its address at the responder.',
    remedies: [
      'AlliedWare: echo=30 in the PPP template notices and frees them. SAs go by dead peer detection, which Windows has not, or by lifetime.',
    ],
    sources: [verified(howTo), verified('setup-ipsec-vpn')],
  },
  {
    id: 'left-behind',
    at: [{ stage: 'teardown', reason: 'state-left-behind' }],
    means: 'After hanging up, one end still has SAs, a tunnel or an address in use.',
    remedies: [
      'AlliedWare: senddeletes=true and echo=30 in the PPP template free them. Clients that send no delete (iOS) need dead peer detection.',
    ],
    sources: [verified(howTo), verified('Openswan')],
  },
];

/** Where nothing above speaks. */
export const ofTheUnknown: Explanation = {
  id: 'unknown',
  at: [],
  means: 'It stopped here, and the evidence does not show why.',
  remedies: [
    'Look at the captures and logs of the cell (results/<run>/cells/), or play it with --keep and look around.',
  ],
  sources: [verified('our own choice')],
};
