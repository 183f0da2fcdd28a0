import type { IkeInitiatorConfig, IkeResponderConfig, Phase1Transform, Phase2Proposal } from '../config.ts';

/** For tests: an initiator and a responder that agree with each other; each test changes what it is about. */
export const phase1Transform: Phase1Transform = {
  encryption: '3des-cbc',
  hash: 'sha1',
  group: 2,
  lifetimeSeconds: 28_800,
};

export const phase2Proposal: Phase2Proposal = {
  encryption: '3des-cbc',
  integrity: 'hmac-sha1-96',
  lifetimeSeconds: 3600,
  lifetimeKilobytes: 250_000,
};

const base = {
  preSharedKey: new Uint8Array(Buffer.from('alphanumeric1')),
  identity: { type: 'local-address' },
  natTraversal: ['rfc3947', 'draft-02n'],
  vendorIds: [],
  phase1: [phase1Transform],
  retransmission: { firstGapMs: 500, backoff: 2, maximumGapMs: 4000, transmissions: 10 },
  keepaliveSeconds: 20,
} as const;

export const initiatorConfig: IkeInitiatorConfig = {
  ...base,
  role: 'initiator',
  phase2: [phase2Proposal],
  localPort: 1701,
  peerPort: 1701,
};

export const responderConfig: IkeResponderConfig = {
  ...base,
  role: 'responder',
  policies: [{ name: 'l2tp', protocol: 17, localPort: 1701, proposals: [phase2Proposal] }],
  choice: 'initiator-order',
  expectedPeerIdentity: 'peer-address',
  quickModeAddresses: 'outer',
  sendsNotifies: false,
  sendsDeletes: true,
  maximumHalfOpen: 16,
};
