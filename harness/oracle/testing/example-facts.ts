import type { CellFacts, ClientFacts, ImpairmentFacts, Placement, ResponderFacts } from '../facts.ts';

/** A cell that connects without NAT: Windows XP SP2 with rule 2 and the How-To's script. */
const base: CellFacts = {
  placement: { clientNats: 0, clientNatEsp: 'mapped' },
  client: {
    natTraversal: ['draft-02n'],
    natRule: { value: 2, family: 'xp-sp2', reading: 'a' },
    phase1: ['3des-sha1-modp2048', '3des-sha1-modp1024', 'des-sha1-modp768'],
    phase2: ['3des-md5', '3des-sha1', 'des-md5', 'des-sha1'],
    ports: { local: 0, remote: 1701 },
    authentication: ['ms-chap-v2', 'chap-md5'],
    innerChecksum: true,
    sendsDeletes: true,
  },
  responder: {
    natTraversal: ['draft-02n'],
    pretendsNat: 'of-nobody',
    phase1: ['des-sha1-modp768'],
    phase2: ['3des-sha1', '3des-md5', 'des-sha1', 'des-md5'],
    phase1IsScriptDefault: true,
    choice: 'responder-order',
    warnsOfDowngrades: true,
    checksPeerIdentity: true,
    checksQuickModeAddresses: false,
    acceptsDialledAddress: true,
    dropsBadInnerChecksums: true,
    clientsBehindOneNat: { toldApartBy: 'sa' },
    ports: { lport: 1701 },
    authentication: ['chap-md5'],
    users: [{ name: 'dialin1', address: '192.168.8.50' }, { name: 'dialin2' }],
    pool: { first: '192.168.8.1', last: '192.168.8.254' },
    dns: '192.168.2.10',
  },
  credentials: { preSharedKeysAgree: true, user: 'dialin1', passwordIsRight: true },
  clients: 1,
  place: 0,
};

/** Parts of facts that differ from the example. */
export interface Differences {
  readonly placement?: Partial<Placement>;
  readonly client?: Partial<ClientFacts>;
  readonly responder?: Partial<ResponderFacts>;
  readonly credentials?: Partial<CellFacts['credentials']>;
  readonly clients?: number;
  readonly place?: number;
  readonly event?: NonNullable<CellFacts['event']>;
  readonly impairment?: ImpairmentFacts;
}

/** The example's facts with these differences: for tests of the rules. */
export function exampleFacts(differences: Differences = {}): CellFacts {
  const { placement, client, responder, credentials, ...rest } = differences;
  return {
    ...base,
    ...rest,
    placement: { ...base.placement, ...placement },
    client: { ...base.client, ...client },
    responder: { ...base.responder, ...responder },
    credentials: { ...base.credentials, ...credentials },
  };
}
