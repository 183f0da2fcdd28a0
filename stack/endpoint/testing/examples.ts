import type { RetransmissionTiming } from '../../retransmission.ts';
import type { ClientEndpointConfig, ResponderEndpointConfig } from '../config.ts';

/** Settings for tests: a client and a responder that agree on everything, at the addresses of `office-nat`. */
const preSharedKey = new TextEncoder().encode('abc123');
const timing: RetransmissionTiming = { firstGapMs: 1000, backoff: 2, maximumGapMs: 8000, transmissions: 12 };
const phase1 = [{ encryption: '3des-cbc', hash: 'sha1', group: 2, lifetimeSeconds: 28_800 }] as const;
const phase2 = [{ encryption: '3des-cbc', integrity: 'hmac-sha1-96', lifetimeSeconds: 3600 }] as const;

export const clientExample: ClientEndpointConfig = {
  role: 'client',
  localAddress: '192.168.1.10',
  dial: '198.18.2.10',
  ike: {
    role: 'initiator',
    preSharedKey,
    identity: { type: 'local-address' },
    natTraversal: ['rfc3947', 'draft-02n'],
    vendorIds: [],
    phase1,
    phase2,
    retransmission: timing,
    keepaliveSeconds: 20,
    localPort: 0,
    peerPort: 1701,
  },
  l2tpPort: 1701,
  l2tp: {
    role: 'lac',
    hostName: 'client',
    framingCapabilities: 1,
    receiveWindowSize: 8,
    helloSeconds: 40,
    retransmission: timing,
    maximumTunnels: 1,
  },
  ppp: {
    role: 'client',
    mru: 1400,
    user: 'dialin1',
    password: 'friend1',
    accepts: ['chap-md5'],
    requestsDns: true,
    echoSeconds: 0,
    echoFailures: 3,
    retransmission: timing,
  },
};

/** The responder at `address`, as packets name it there. */
export function responderExample(address: string): ResponderEndpointConfig {
  const rule = (name: string, port: number, onlyFromIpsec: boolean) =>
    ({ name, protocol: 'udp', address, port, onlyFromIpsec }) as const;
  return {
    role: 'responder',
    localAddress: address,
    ike: {
      role: 'responder',
      preSharedKey,
      identity: { type: 'local-address' },
      natTraversal: ['rfc3947', 'draft-02n'],
      vendorIds: [],
      phase1,
      retransmission: timing,
      keepaliveSeconds: 20,
      policies: [{ name: 'all_roaming', protocol: 17, localPort: 1701, proposals: phase2 }],
      choice: 'initiator-order',
      expectedPeerIdentity: 'peer-address',
      quickModeAddresses: 'outer',
      sendsNotifies: true,
      sendsDeletes: true,
      maximumHalfOpen: 100,
    },
    l2tp: {
      role: 'lns',
      hostName: 'responder',
      framingCapabilities: 3,
      receiveWindowSize: 4,
      helloSeconds: 60,
      retransmission: timing,
      maximumTunnels: 100,
    },
    ppp: {
      name: 'responder',
      authentication: ['chap-md5'],
      mru: 1400,
      echoSeconds: 30,
      echoFailures: 3,
      localAddress: '192.168.2.1',
      dns: ['192.168.2.10'],
      retransmission: timing,
    },
    users: [{ name: 'dialin1', password: 'friend1', address: '192.168.8.50' }],
    pool: { first: '192.168.8.1', last: '192.168.8.254' },
    admission: [rule('rule 1', 500, false), rule('rule 2', 4500, false), rule('rule 3', 1701, true)],
    clearPolicies: [
      { name: 'isakmp', localPort: 500 },
      { name: 'isakmp_float', localPort: 4500 },
    ],
  };
}
