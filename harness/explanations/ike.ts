import { derived, type Explanation, howTo, recalled, verified } from './explanation.ts';

const registryValue = [
  'Set AssumeUDPEncapsulationContextOnSendRule (DWORD) to 2, or to 1 if the client itself has a public address, and reboot.',
  'XP, Server 2003: HKLM\\SYSTEM\\CurrentControlSet\\Services\\IPSec. Vista and later: the same under Services\\PolicyAgent.',
];
const registrySources = [
  verified('KB 885407'),
  verified('KB 947234'),
  verified('KB 926179'),
  verified('VPN Setup with L2TP & IPSEC'),
];

/** Of IKE: from the first message to the SAs. */
export const ofIke: readonly Explanation[] = [
  {
    id: 'clear-l2tp-on-the-way',
    at: [{ stage: 'reach', reason: 'no-answer' }],
    where: ['client without IPsec'],
    means:
      'The client dials L2TP without IPsec, and UDP 1701 does not get through to the responder: nor should it.',
    remedies: [
      'Turn IPsec on at the client (type of VPN: L2TP/IPsec). Leave UDP 1701 closed on every gateway: 500 and 4500 are what IPsec needs.',
    ],
    sources: [verified(howTo)],
  },
  {
    id: 'pinholes',
    at: [{ stage: 'reach', reason: 'no-answer' }],
    where: ['responder behind NAT'],
    means: 'Message 1 does not get through the NAT gateway before the responder.',
    remedies: [
      "Forward UDP 500 and UDP 4500 on that gateway to the responder's inside address: IKE begins on 500 and moves to 4500.",
    ],
    sources: [verified(howTo)],
  },
  {
    id: 'filter',
    at: [{ stage: 'reach', reason: 'no-answer' }],
    where: ['a filtering gateway'],
    means: 'The gateway before the responder filters out UDP 500.',
    remedies: [
      'Permit UDP 500, UDP 4500 and IP protocol 50 (ESP; no TCP or UDP port). UDP 1701 need not be open outside.',
    ],
    sources: [verified(howTo)],
  },
  {
    id: 'address',
    at: [{ stage: 'reach', reason: 'no-answer' }],
    means: 'Nothing answers message 1 at the address that was dialled, or no message 1 leaves the client.',
    remedies: [
      'Check the address: the office needs a fixed one. On an AlliedWare router firewall rule 1 and the IPsec policy isakmp let UDP 500 in.',
      'On Windows the IPsec service must run (start it automatically); other VPN clients and firewalls can disable it.',
    ],
    sources: [verified(howTo)],
  },
  {
    id: 'service-stopped',
    at: [{ stage: 'reach', reason: 'nothing-sent' }],
    means:
      'The client sends nothing at all: its IPsec service is stopped, and nothing on the path is to blame.',
    remedies: [
      'Windows: set the service "IPSEC Services" (Vista and later: "IKE and AuthIP IPsec Keying Modules", "IPsec Policy Agent") to automatic and start it.',
      'Another VPN client or a firewall may have disabled it, and its removal may not have put it back.',
    ],
    sources: [verified(howTo), recalled],
  },
  {
    id: 'rule-refuses',
    at: [{ stage: 'nat-detection', reason: 'nat-refused' }],
    means:
      'The Windows client saw that the responder is behind NAT, and its registry forbids that (value 0 is the default since XP SP2).',
    remedies: registryValue,
    sources: [verified(howTo), ...registrySources],
  },
  {
    id: 'pinhole-4500',
    at: [{ stage: 'phase1', reason: 'no-answer' }],
    where: ['responder behind NAT'],
    means: 'Phase 1 began on UDP 500; message 5 goes to UDP 4500 and is not answered.',
    remedies: [
      "Forward UDP 4500, too, to the responder's inside address. On an AlliedWare router firewall rule 2 and the policy isakmp_float let it in.",
    ],
    sources: [derived(howTo), verified('RFC 3947')],
  },
  {
    id: 'way-of-4500',
    at: [{ stage: 'phase1', reason: 'no-answer' }],
    where: ['client behind NAT'],
    means: 'Phase 1 began on UDP 500; message 5 goes to UDP 4500 and is not answered.',
    remedies: [
      'Let UDP 4500 pass everywhere: out of the network of the client, and at the router (firewall rule 2, policy isakmp_float).',
      'Compare the pre-shared keys, too: a responder that cannot read message 5 need not say so.',
    ],
    sources: [derived(howTo), verified('RFC 3947'), verified('RFC 2409')],
  },
  {
    id: 'filter-4500',
    at: [{ stage: 'phase1', reason: 'no-answer' }],
    where: ['a filtering gateway'],
    means:
      'Phase 1 began on UDP 500; message 5 goes to UDP 4500 where there is NAT, and the gateway filters that out.',
    remedies: ['Permit UDP 4500 beside UDP 500.'],
    sources: [derived(howTo)],
  },
  {
    id: 'silent-on-message-5',
    at: [{ stage: 'phase1', reason: 'no-answer' }],
    means:
      'The responder answered first and then fell silent: often it cannot read message 5, and need not say so.',
    remedies: [
      'Compare the pre-shared keys at both ends; then read the log of the responder at the time of message 5.',
      'Big messages (certificates) are fragmented, and some NAT gateways drop fragments: turn IKE fragmentation on at both ends.',
    ],
    sources: [verified('RFC 2409'), derived('[MS-IKEE]')],
  },
  {
    id: 'phase-1-proposals',
    at: [{ stage: 'phase1', reason: 'no-proposal-chosen' }],
    means: 'Client and responder have no phase 1 proposal in common (encryption, hash, group).',
    remedies: [
      'AlliedWare: "set isakmp policy=roaming1 encalg=3desouter hashalg=sha group=2" suits XP to 11; 3DES needs a feature licence.',
      'Where the script says nothing its policy may stand for DES and group 1, which no client since Vista offers.',
    ],
    sources: [verified('CentreCOM IPsec reference'), verified(howTo), verified('pastebin EmQnXqsn')],
  },
  {
    id: 'pre-shared-key',
    at: [{ stage: 'phase1', reason: 'auth-failed' }],
    means: 'The pre-shared keys differ: message 5 cannot be decrypted, or its hash is wrong.',
    remedies: [
      'Enter the same key at both ends, letters and digits alone: others may be encoded differently.',
      'AlliedWare: "enable system security" before the key is made, or the next reboot destroys it.',
    ],
    sources: [verified(howTo), verified('RFC 2409')],
  },
  {
    id: 'no-key',
    at: [{ stage: 'phase1', reason: 'no-key' }],
    means:
      'The responder has no pre-shared key to authenticate with: a restart destroyed it, or it was refused.',
    remedies: [
      'AlliedWare: log in as the security officer, "enable system security", and only then "create enco key=1 type=general value=..." again.',
      'Make the key of letters and digits alone, and enter the same one at the clients.',
    ],
    sources: [verified(howTo), derived('RFC 2409')],
  },
  {
    id: 'nat-t-off',
    at: [{ stage: 'phase1', reason: 'id-mismatch' }],
    where: ['client behind NAT'],
    means:
      'Message 5 names the private address of the client, and no NAT-T explains it ("Remote ID different to expected").',
    remedies: [
      'Router: natt=on in its ISAKMP policy, AlliedWare 2.6.4 or later. Client: XP SP2 or later, or KB 818043 on XP and 2000 before it.',
    ],
    sources: [verified(howTo)],
  },
  {
    id: 'peer-identity',
    at: [{ stage: 'phase1', reason: 'id-mismatch' }],
    means: 'The identity in message 5 is not the one that the responder expects.',
    remedies: [
      'Let the client name its address, or let the responder accept any identity (AlliedWare: peer=any and no REMOTEID).',
    ],
    sources: [verified('RFC 2407'), derived(howTo)],
  },
  {
    id: 'aggressive-mode',
    at: [{ stage: 'phase1', reason: 'no-policy' }],
    means: 'The client begins in aggressive mode, and the responder has no policy for it.',
    remedies: [
      'Set the client to main mode, which every responder has to take; else mode=aggressive in the ISAKMP policy of the router.',
    ],
    sources: [verified('RFC 2409'), verified('CentreCOM IPsec reference')],
  },
  {
    id: 'short-public-value',
    at: [{ stage: 'phase1', reason: 'short-public-value' }],
    means: 'A Diffie-Hellman public value came without its leading zeros: one connection in 256, by chance.',
    remedies: ['Dial again. Update the peer that sends it: it has to be padded to the length of the prime.'],
    sources: [verified('RFC 2409')],
  },
  {
    id: 'dialled-address',
    at: [{ stage: 'phase2', reason: 'id-mismatch' }],
    where: ['responder behind NAT'],
    means:
      'Quick mode names the public address that was dialled, which the responder behind NAT does not own.',
    remedies: [
      'Turn NAT-T on at both ends; a responder that still refuses has to be told its public address, or needs one of its own.',
    ],
    sources: [derived('cloudstack pull request 872'), verified('strongSwan 5.9.8')],
  },
  {
    id: 'quick-mode-addresses',
    at: [{ stage: 'phase2', reason: 'id-mismatch' }],
    means: 'Quick mode names addresses other than those of its packets, and no NAT-T explains it.',
    remedies: ['Turn NAT-T on at both ends, with a revision that both know.'],
    sources: [verified('Remote Access IPSec VPNs: Pros and Cons of 2 Common Clients')],
  },
  {
    id: 'lport',
    at: [{ stage: 'phase2', reason: 'no-policy' }],
    means: "The router's IPsec policy names other ports than the client's quick mode.",
    remedies: [
      'Clients with NAT-T propose the remote port 1701: "set ipsec policy=all_roaming transport=udp lport=1701".',
      'rport=1701 suits only XP before SP2 without KB 818043, and only without NAT.',
    ],
    sources: [verified(howTo)],
  },
  {
    id: 'phase-2-proposals',
    at: [{ stage: 'phase2', reason: 'no-proposal-chosen' }],
    means: 'No SA specification in common: encryption, integrity, mode or encapsulation of ESP.',
    remedies: [
      'Router: transport mode, and 3DES-SHA1 first in the bundle ("1 or 2 or 3 or 4", the strongest first); 3DES needs a licence.',
      'Both ends have to use NAT-T, or neither: UDP encapsulation is part of the proposal.',
    ],
    sources: [verified(howTo), verified('RFC 3947')],
  },
  {
    id: 'quick-mode-silence',
    at: [{ stage: 'phase2', reason: 'no-answer' }],
    means:
      'Phase 1 stands, and quick mode is not answered: the other end has no policy for it and says so only in its log.',
    remedies: [
      'Read the log of the responder; AlliedWare: "enable isakmp debug" (alias ed). Let it send notifies (SENDNOTIFY).',
    ],
    sources: [verified(howTo), verified('CentreCOM IPsec reference')],
  },
  {
    id: 'rule-sends-nothing',
    at: [{ stage: 'esp', reason: 'esp-never-sent' }],
    means:
      'Both phases are complete and the client sends no ESP: Windows under registry value 0 (1 if both are behind NAT), and the responder looks NATed.',
    remedies: registryValue,
    sources: [verified('setup-ipsec-vpn issue 288'), ...registrySources],
  },
  {
    id: 'forced-encapsulation',
    at: [{ stage: 'esp', reason: 'esp-never-sent' }],
    where: ['no NAT'],
    means: 'There is no NAT, but a responder that forces UDP encapsulation pretends to be behind one.',
    remedies: [
      'Turn forced encapsulation off at the responder, or set the registry value as for a responder behind NAT.',
    ],
    sources: [verified('libreswan issue 2014')],
  },
];
