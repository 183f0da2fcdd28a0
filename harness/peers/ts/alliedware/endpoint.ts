import type { AdmissionRule, ResponderEndpointConfig } from '../../../../stack/endpoint/config.ts';
import type {
  Identity,
  IkeResponderConfig,
  IpsecPolicy,
  Phase1Transform,
} from '../../../../stack/ike/config.ts';
import { CrossnatError } from '../../../error.ts';
import { keyOctets } from '../profiles/pre-shared-key.ts';
import type { ScriptProfile } from '../profiles/responder-profile.ts';
import { parsePhase1 } from '../profiles/transform.ts';
import { habitsOf, pfsOf } from '../responder-habits.ts';
import {
  byName,
  type IpsecPolicyEntry,
  type IsakmpPolicy,
  type PppTemplate,
  type Router,
  type SaSpecification,
} from './router.ts';

const ciphers = {
  des: 'des-cbc',
  '3desouter': '3des-cbc',
  aes128: 'aes-cbc-128',
  aes192: 'aes-cbc-192',
  aes256: 'aes-cbc-256',
} as const;
const protocolNumbers = { any: 0, tcp: 6, udp: 17 } as const;

/**
 * Compiles a router whose references hold into the settings of our responder. The profile gives what a
 * script leaves unsaid. Throws `bad-data` for a script that makes no L2TP/IPsec responder at all.
 */
export function compileEndpoint(
  router: Router,
  profile: ScriptProfile,
  timerFactor: number,
): ResponderEndpointConfig {
  const { protecting, isakmp } = responderParts(router);
  const local = need(
    router.ip.interfaces.get(protecting.interface),
    `${protecting.interface} has no address`,
  );
  const callers = need(router.l2tp.callers[0], '`add l2tp ip=` is missing, and no call is taken');
  const template = need(router.pppTemplates.get(callers.pppTemplate), 'the calls have no PPP template');
  const natTraversal = isakmp.natTraversal ?? profile.natTraversalUnlessSet.value;
  const pool = template.pool === undefined ? undefined : router.ip.pools.get(template.pool);
  const hostName = router.systemName ?? 'router';
  const habits = habitsOf(profile, { natTraversal, hostName, timerFactor });
  return {
    role: 'responder',
    localAddress: local.address,
    ike: {
      ...habits.ike,
      ...keyOf(isakmp, router, profile),
      identity: identityOf(isakmp),
      phase1: [phase1Of(isakmp, profile)],
      policies: protectingPolicies(router).map((policy) => ipsecPolicy(policy, router, profile)),
      sendsNotifies: isakmp.sendNotify ?? profile.sendsNotifiesUnlessSet.value,
      sendsDeletes: isakmp.sendDeletes ?? profile.sendsDeletesUnlessSet.value,
    },
    l2tp: habits.l2tp,
    ppp: {
      ...habits.ppp,
      authentication: authenticationOf(template),
      echoSeconds: template.echoSeconds,
      localAddress: pppAddress(router, local.address),
      dns: [router.dns.primary, router.dns.secondary].filter((address) => address !== undefined),
    },
    users: [...router.users.values()].map(({ name, password, address }) => ({
      name,
      password,
      ...(address !== undefined && { address }),
    })),
    ...(pool && { pool: { first: pool.first, last: pool.last } }),
    sameUser: habits.sameUser,
    admission: admissionOf(router, protecting.interface, local.address),
    clearPolicies: [...router.ipsec.policies.values()]
      .filter((policy) => policy.action === 'permit' && policy.interface === protecting.interface)
      .map(({ name, localPort }) => ({ name, ...(localPort !== undefined && { localPort }) })),
  };
}

function responderParts(router: Router): { protecting: IpsecPolicyEntry; isakmp: IsakmpPolicy } {
  if (!router.ip.enabled) throw noResponder('`enable ip` is missing');
  if (!router.isakmp.enabled) throw noResponder('`enable isakmp` is missing');
  if (!router.ipsec.enabled) throw noResponder('`enable ipsec` is missing');
  if (!router.l2tp.enabled || !router.l2tp.server) throw noResponder('`enable l2tp server=both` is missing');
  const policies = protectingPolicies(router);
  const protecting = need(policies[0], 'no IPsec policy has action=ipsec');
  const named = policies.map((policy) => byName(router.isakmp.policies, policy.isakmpPolicy ?? '')?.entry);
  const isakmp = need(named[0], 'no ISAKMP policy is in use');
  if (named.some((other) => other !== isakmp)) {
    throw noResponder('several ISAKMP policies are in use, and one is spoken here');
  }
  if (policies.some((policy) => policy.interface !== protecting.interface)) {
    throw noResponder('IPsec policies protect several interfaces, and one is spoken here');
  }
  return { protecting, isakmp };
}

/** Nothing where its key was typed and is gone: a policy without key authenticates nobody (rules AW-3, WIN-10). */
function keyOf(
  { key: number = -1 }: IsakmpPolicy,
  { keys, missingKeys }: Router,
  profile: ScriptProfile,
): Pick<IkeResponderConfig, 'preSharedKey' | 'whyNoKey'> {
  const why = missingKeys.get(number);
  if (why !== undefined) return { whyNoKey: `key ${number} is not there, ${why}` };
  const { value = '' } = need(keys.get(number), 'the key is missing');
  return { preSharedKey: keyOctets(value, profile.preSharedKeyEncoding.value) };
}

function protectingPolicies(router: Router): IpsecPolicyEntry[] {
  return [...router.ipsec.policies.values()].filter((policy) => policy.action === 'ipsec');
}

/** The first is demanded, the second taken from a client that asks for it. */
function authenticationOf({ authentication }: PppTemplate): ('chap-md5' | 'pap')[] {
  if (authentication === 'either') return ['chap-md5', 'pap'];
  return authentication === 'pap' ? ['pap'] : ['chap-md5'];
}

/** LOCALID is an address, a domain name, user@domain or a distinguished name (CREATE ISAKMP POLICY): `local` is a domain name. */
function identityOf(policy: IsakmpPolicy): Identity {
  const id = policy.localId;
  if (id === undefined) return { type: 'local-address' };
  return /^\d+\.\d+\.\d+\.\d+$/.test(id) ? { type: 'ipv4', address: id } : { type: 'fqdn', name: id };
}

/** One ISAKMP policy offers one transform; what it leaves out is the command's default. */
function phase1Of(policy: IsakmpPolicy, profile: ScriptProfile): Phase1Transform {
  const unlessSet = need(parsePhase1(profile.phase1UnlessSet.value), 'the profile has no phase 1 default');
  const hashes = { sha: 'sha1', md5: 'md5' } as const;
  return {
    encryption: policy.encryption ? ciphers[policy.encryption] : unlessSet.encryption,
    hash: policy.hash ? hashes[policy.hash] : unlessSet.hash,
    group: policy.group === 1 || policy.group === 2 ? policy.group : unlessSet.group,
    lifetimeSeconds: policy.expirySeconds ?? profile.phase1LifetimeSeconds.value,
  };
}

function ipsecPolicy(policy: IpsecPolicyEntry, router: Router, profile: ScriptProfile): IpsecPolicy {
  const bundle = need(
    policy.bundle === undefined ? undefined : router.ipsec.bundles.get(policy.bundle),
    `policy "${policy.name}" has no bundle`,
  );
  const specifications = bundle.alternatives.flatMap((id) => router.ipsec.saSpecifications.get(id) ?? []);
  return {
    name: policy.name,
    ...pfsOf(profile),
    protocol: protocolNumbers[policy.transport],
    ...(policy.localPort !== undefined && { localPort: policy.localPort }),
    ...(policy.remotePort !== undefined && { peerPort: policy.remotePort }),
    proposals: specifications.map((specification) => ({
      ...espOf(specification),
      lifetimeSeconds: bundle.expirySeconds ?? profile.phase2LifetimeSeconds.value,
      ...(bundle.expiryKilobytes !== undefined && { lifetimeKilobytes: bundle.expiryKilobytes }),
    })),
  };
}

function espOf({ encryption, hash }: SaSpecification) {
  return {
    encryption: encryption === 'null' ? encryption : ciphers[encryption],
    integrity: hash === 'sha' ? 'hmac-sha1-96' : 'hmac-md5-96',
  } as const;
}

/** PPP interfaces of calls are unnumbered: they borrow the office side's address. [D] */
function pppAddress(router: Router, publicAddress: string): string {
  const privateInterface = [...router.firewall.policies.values()]
    .flatMap((policy) => [...policy.interfaces])
    .find(([name, { type }]) => type === 'private' && router.ip.interfaces.has(name));
  const own = privateInterface && router.ip.interfaces.get(privateInterface[0]);
  return own?.address ?? publicAddress;
}

/** Rules in the order of their numbers. Without an enabled firewall everything is let in. */
function admissionOf(router: Router, publicInterface: string, ownAddress: string): AdmissionRule[] {
  if (!router.firewall.enabled) {
    return [500, 4500, 1701].map((port) => ({
      name: 'no firewall',
      protocol: 'udp',
      address: ownAddress,
      port,
      onlyFromIpsec: false,
    }));
  }
  return [...router.firewall.policies.values()]
    .flatMap((policy) => [...policy.rules.values()])
    .filter((rule) => rule.interface === publicInterface)
    .sort((a, b) => a.number - b.number)
    .flatMap((rule) =>
      rule.protocol === 'udp'
        ? [
            {
              name: `rule ${rule.number}`,
              protocol: rule.protocol,
              address: rule.globalAddress,
              port: rule.globalPort,
              onlyFromIpsec: rule.onlyFromIpsec,
            },
          ]
        : [],
    );
}

function need<T>(value: T | undefined, lacks: string): T {
  if (value === undefined) throw noResponder(lacks);
  return value;
}

function noResponder(found: string): CrossnatError {
  return new CrossnatError('bad-data', {
    doing: 'making an L2TP/IPsec responder of the AlliedWare script',
    found,
    remedy: 'Complete the script; the How-To C613-16034-00 REV E shows one that is',
  });
}
