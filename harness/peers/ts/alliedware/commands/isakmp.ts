import { type CommandForm, type CommandOutcome, command, refused, takesEffect } from '../command.ts';
import type { IsakmpPolicy } from '../router.ts';
import { choice, number, onOff, peerAddress, text } from '../value.ts';
import { setPolicy } from './set-policy.ts';

/** Value ranges of SET ISAKMP POLICY (CentreCOM IPsec reference): note that there is no group above 2. */
const settings = {
  authtype: choice('preshared', 'rsasig').optional(),
  encalg: choice('des', '3desouter', 'aes128', 'aes192', 'aes256').optional(),
  expiryseconds: number(600, 31_449_600).optional(),
  group: number(0, 2).optional(),
  hashalg: choice('sha', 'md5').optional(),
  key: number(0, 65535).optional(),
  localid: text(64).optional(),
  mode: choice('main', 'aggressive').optional(),
  nattraversal: onOff.optional(),
  peer: peerAddress.optional(),
  senddeletes: onOff.optional(),
  sendnotify: onOff.optional(),
};
const unmodelledSettings = [
  ...[
    'deletedelay',
    'dhexponentlength',
    'dpdidletimeout',
    'dpdmode',
    'expirykbytes',
    'heartbeatmode',
    'hybridxauth',
  ],
  ...[
    'localrsakey',
    'msgbackoff',
    'msgretrylimit',
    'msgtimeout',
    'phase2xchglimit',
    'policyfilename',
    'prenegotiate',
  ],
  ...['rekey', 'remoteid', 'retryikeattempts', 'sendidalways', 'setcommitbit', 'srcinterface'],
  ...['xauth', 'xauthname', 'xauthpassword', 'xauthtype'],
];
const policyName = text(24);

/** ISAKMP policies: phase 1. */
export const isakmpCommands: readonly CommandForm[] = [
  command('enable isakmp', {}, (_, router) => {
    router.isakmp.enabled = true;
    return takesEffect('IKE answers');
  }),
  command(
    'create isakmp policy=',
    { policy: policyName, ...settings },
    ({ policy, ...given }, router, at) => {
      if (router.isakmp.policies.has(policy.toLowerCase())) {
        return refused(`there is an ISAKMP policy ${policy} already`);
      }
      if (given.peer === undefined) return refused('peer= is missing');
      const entry: IsakmpPolicy = {
        name: policy,
        key: undefined,
        encryption: undefined,
        hash: undefined,
        group: undefined,
        expirySeconds: undefined,
        natTraversal: undefined,
        sendDeletes: undefined,
        sendNotify: undefined,
        localId: undefined,
        at,
      };
      router.isakmp.policies.set(policy.toLowerCase(), entry);
      return change(entry, given);
    },
    unmodelledSettings,
  ),
  command(
    'set isakmp policy=',
    { policy: policyName, ...settings },
    ({ policy, ...given }, router) =>
      setPolicy(router.isakmp.policies, 'ISAKMP', policy, (entry, ...notes) =>
        change(entry, given, ...notes),
      ),
    unmodelledSettings,
  ),
];

interface PolicySettings {
  readonly authtype?: string | undefined;
  readonly encalg?: IsakmpPolicy['encryption'];
  readonly expiryseconds?: number | undefined;
  readonly group?: number | undefined;
  readonly hashalg?: IsakmpPolicy['hash'];
  readonly key?: number | undefined;
  readonly localid?: string | undefined;
  readonly mode?: string | undefined;
  readonly nattraversal?: boolean | undefined;
  readonly peer?: string | undefined;
  readonly senddeletes?: boolean | undefined;
  readonly sendnotify?: boolean | undefined;
}

function change(entry: IsakmpPolicy, given: PolicySettings, ...notes: string[]): CommandOutcome {
  if (given.authtype === 'rsasig') return refused('RSA signatures are not spoken here: pre-shared keys are');
  if (given.mode === 'aggressive') return refused('aggressive mode is not spoken here: main mode is');
  if (given.group === 0) return refused('group 0 (512 bits) is not spoken here: groups 1 and 2 are');
  if ((given.peer ?? 'any') !== 'any') return refused('only peer=any is modelled');
  entry.key = given.key ?? entry.key;
  entry.encryption = given.encalg ?? entry.encryption;
  entry.hash = given.hashalg ?? entry.hash;
  entry.group = given.group ?? entry.group;
  entry.expirySeconds = given.expiryseconds ?? entry.expirySeconds;
  entry.natTraversal = given.nattraversal ?? entry.natTraversal;
  entry.sendDeletes = given.senddeletes ?? entry.sendDeletes;
  entry.sendNotify = given.sendnotify ?? entry.sendNotify;
  entry.localId = given.localid ?? entry.localId;
  return takesEffect(`phase 1 of ${entry.name}`, ...notes);
}
