import { type CommandForm, command, refused, takesEffect } from '../command.ts';
import type { IpsecPolicyEntry } from '../router.ts';
import { choice, interfaceName, number, peerAddress, portOrAny, text } from '../value.ts';
import { setPolicy } from './set-policy.ts';

const keyManagement = choice('isakmp', 'manual');
const policyName = text(22);
const transport = choice('any', 'udp', 'tcp');
const settings = {
  action: choice('deny', 'ipsec', 'permit').optional(),
  keymanagement: keyManagement.optional(),
  bundlespecification: number(0, 255).optional(),
  isakmppolicy: text(24).optional(),
  peeraddress: peerAddress.optional(),
  transportprotocol: transport.optional(),
  lport: portOrAny.optional(),
  rport: portOrAny.optional(),
};
/** Parameters of SET IPSEC POLICY (CentreCOM IPsec reference) that decide what an abbreviation may mean. */
const unmodelledSettings = [
  ...['dfbit', 'group', 'icmptype', 'iproutetemplate', 'ipversion', 'laddress', 'lmask', 'lname', 'position'],
  ...[
    'raddress',
    'respondbadspi',
    'rmask',
    'rname',
    'srcinterface',
    'udpheartbeat',
    'udpport',
    'udptunnel',
    'usepfskey',
  ],
];

/** IPsec: how SAs protect (specifications), in which order they are preferred (bundles), and for what (policies). */
export const ipsecCommands: readonly CommandForm[] = [
  command('enable ipsec', {}, (_, router) => {
    router.ipsec.enabled = true;
    return takesEffect('IPsec policies hold');
  }),
  command(
    'create ipsec saspecification=',
    {
      saspecification: number(0, 255),
      keymanagement: keyManagement,
      protocol: choice('ah', 'esp'),
      encalg: choice('des', '3desouter', '3desinner', '3des2key', 'aes128', 'aes192', 'aes256', 'null'),
      hashalg: choice('md5', 'sha', 'null'),
      mode: choice('transport', 'tunnel').default('tunnel'),
    },
    ({ saspecification: id, keymanagement, protocol, encalg, hashalg, mode }, router, at) => {
      if (router.ipsec.saSpecifications.has(id)) return refused(`there is an SA specification ${id} already`);
      if (keymanagement === 'manual') return refused('manual keys are not modelled: key=isakmp is');
      if (protocol === 'ah') return refused('AH is not spoken here: protocol=esp is');
      if (mode === 'tunnel') return refused('tunnel mode is not spoken here: L2TP needs mode=transport');
      if (hashalg === 'null')
        return refused('ESP without authentication is not spoken here: hashalg=sha or md5 is');
      if (encalg === '3desinner' || encalg === '3des2key')
        return refused(`encalg=${encalg} is not spoken here`);
      router.ipsec.saSpecifications.set(id, { encryption: encalg, hash: hashalg, at });
      return takesEffect(`ESP ${encalg} with ${hashalg}`);
    },
    ['antireplayenabled', 'enckey', 'hashkey', 'inspi', 'outspi', 'replaywindowsize'],
  ),
  command(
    'create ipsec bundlespecification=',
    {
      bundlespecification: number(0, 255),
      keymanagement: keyManagement,
      string: text(100),
      expiryseconds: number(300, 31_449_600).optional(),
      expirykbytes: number(1, 2_000_000_000).optional(),
    },
    (values, router, at) => {
      const id = values.bundlespecification;
      if (router.ipsec.bundles.has(id)) return refused(`there is a bundle ${id} already`);
      if (values.keymanagement === 'manual') return refused('manual keys are not modelled: key=isakmp is');
      const alternatives = alternativesOf(values.string);
      if (alternatives === undefined) {
        return refused(`string="${values.string}" is no list of SA specifications joined by "or" or commas`);
      }
      router.ipsec.bundles.set(id, {
        alternatives,
        expirySeconds: values.expiryseconds,
        expiryKilobytes: values.expirykbytes,
        at,
      });
      return takesEffect(`order of preference ${alternatives.join(', ')}`);
    },
  ),
  command(
    'create ipsec policy=',
    { policy: policyName, interface: interfaceName, ...settings },
    ({ policy, interface: on, ...given }, router, at) => {
      if (router.ipsec.policies.has(policy.toLowerCase()))
        return refused(`there is a policy ${policy} already`);
      if (given.action === undefined) return refused('action= is missing');
      const entry: IpsecPolicyEntry = {
        name: policy,
        interface: on,
        action: given.action,
        bundle: undefined,
        isakmpPolicy: undefined,
        transport: 'any',
        localPort: undefined,
        remotePort: undefined,
        at,
      };
      router.ipsec.policies.set(policy.toLowerCase(), entry);
      return change(entry, given);
    },
    unmodelledSettings,
  ),
  command(
    'set ipsec policy=',
    { policy: policyName, ...settings },
    ({ policy, ...given }, router) =>
      setPolicy(router.ipsec.policies, 'IPsec', policy, (entry, ...notes) => change(entry, given, ...notes)),
    unmodelledSettings,
  ),
];

interface PolicySettings {
  readonly action?: IpsecPolicyEntry['action'] | undefined;
  readonly keymanagement?: 'isakmp' | 'manual' | undefined;
  readonly bundlespecification?: number | undefined;
  readonly isakmppolicy?: string | undefined;
  readonly peeraddress?: string | undefined;
  readonly transportprotocol?: IpsecPolicyEntry['transport'] | undefined;
  readonly lport?: number | 'any' | undefined;
  readonly rport?: number | 'any' | undefined;
}

function change(entry: IpsecPolicyEntry, given: PolicySettings, ...notes: string[]) {
  if (given.action === 'deny') return refused('action=deny is not modelled');
  if (given.keymanagement === 'manual') return refused('manual keys are not modelled: key=isakmp is');
  if ((given.peeraddress ?? 'any') !== 'any') return refused('only peer=any is modelled');
  entry.action = given.action ?? entry.action;
  entry.bundle = given.bundlespecification ?? entry.bundle;
  entry.isakmpPolicy = given.isakmppolicy ?? entry.isakmpPolicy;
  entry.transport = given.transportprotocol ?? entry.transport;
  if (given.lport !== undefined) entry.localPort = given.lport === 'any' ? undefined : given.lport;
  if (given.rport !== undefined) entry.remotePort = given.rport === 'any' ? undefined : given.rport;
  return takesEffect(policyText(entry), ...notes);
}

function policyText(entry: IpsecPolicyEntry): string {
  const ports = [
    ...(entry.localPort === undefined ? [] : [`to port ${entry.localPort}`]),
    ...(entry.remotePort === undefined ? [] : [`from port ${entry.remotePort}`]),
  ];
  const what = entry.action === 'permit' ? 'passes in the clear' : 'is protected';
  return `${entry.transport} ${ports.join(' ') || 'at all ports'} ${what}`;
}

/** `1 or 2 or 3` and `1,2,3` alike; `and` would join different protocols in one proposal, which nothing here speaks. */
function alternativesOf(bundle: string): number[] | undefined {
  const parts = bundle.trim().split(/\s*,\s*|\s+or\s+/i);
  return parts.every((part) => /^\d{1,3}$/.test(part)) ? parts.map(Number) : undefined;
}
