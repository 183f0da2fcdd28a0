import { z } from 'zod';
import type {
  Identity,
  IkeInitiatorConfig,
  Phase1AttributeName,
  Phase2AttributeName,
} from '../../../../stack/ike/config.ts';
import { everyRevision } from '../../../../stack/nat-traversal/numbers.ts';
import type { Cell } from '../../../cell.ts';
import type { CellSettings } from '../../peer.ts';
import { marked } from './marked.ts';
import { keyOctets, preSharedKeyEncodingSchema } from './pre-shared-key.ts';
import type { Layer } from './teardown.ts';
import { retransmissionSchema, scaled } from './timing.ts';
import { groups, parsePhase1, parsePhase2, phase1Schema, phase2Schema } from './transform.ts';
import { vendorIdName, vendorIdsOf } from './vendor-id.ts';

/** Revisions of NAT traversal, preferred first. */
export const natTraversalSchema = z.array(z.enum(everyRevision));

export const groupNames = Object.keys(groups) as (keyof typeof groups)[];

const identitySchema = z.union([
  z.literal('local-address'),
  z.strictObject({ fqdn: z.string().min(1) }),
  z.strictObject({ keyId: z.string().min(1) }),
]);

/** UDP port of quick mode identities; 0 is any, `l2tp-port` the one that the client's L2TP has. */
const selectorsSchema = z.strictObject({
  local: z.union([z.literal('l2tp-port'), z.int().min(0).max(65535)]),
  remote: z.int().min(0).max(65535),
});

const phase1Attributes = z.enum([
  'encryption',
  'key-length',
  'hash',
  'group',
  'authentication',
  'lifetime',
] satisfies Phase1AttributeName[]);
const phase2Attributes = z.enum([
  'lifetime',
  'group',
  'encapsulation',
  'integrity',
  'key-length',
] satisfies Phase2AttributeName[]);

/** How proposals are written: nothing of it changes what is offered, and each implementation is known by it. */
const transformStyleSchema = z.strictObject({
  phase1Attributes: z.array(phase1Attributes),
  phase2Attributes: z.array(phase2Attributes),
  lifetimeForm: z.enum(['TLV', 'TV']),
  firstTransform: z.literal([0, 1]),
  phase2Offer: z.enum(['proposals', 'transforms']),
});

export const natOriginalAddressSchema = z.enum(['in-udp', 'when-behind-nat', 'never']);

/** Vendor fragmentation: of all messages above this size, or only of repeated ones with an identity in them. */
export const fragmentationSchema = z.strictObject({
  maximumOctets: z.int().min(128),
  which: z.enum(['every', 'identity-when-repeated']),
});

/** RFC 3706: asks after so long without anything from the peer, again after `retrySeconds`, so often in all. */
export const deadPeerDetectionSchema = z.strictObject({
  mode: z.enum(['both', 'receive']),
  idleSeconds: z.int().positive(),
  retrySeconds: z.int().positive(),
  attempts: z.int().positive(),
});

const rekeySchema = z.strictObject({
  marginSeconds: z.int().min(0),
  marginKilobytes: z.int().min(0),
  fuzz: z.number().min(0).max(1),
  graceSeconds: z.int().min(0),
});

/** AssumeUDPEncapsulationContextOnSendRule: what the client does with a responder that its value refuses. */
const natRuleSchema = z.strictObject({
  family: z.enum(['xp-sp2', 'vista']),
  whenRefused: z.enum(['stop-after-nat-detection', 'complete-but-send-no-esp']),
});

/** What a client does in IKE. */
export const ikeFields = {
  identity: marked(identitySchema),
  vendorIds: marked(z.array(vendorIdName)),
  natTraversal: marked(natTraversalSchema),
  keepaliveSeconds: marked(z.int().min(0)),
  /** When quick mode bears NAT-OA: whenever ESP goes in UDP, only behind NAT, or never. */
  natOriginalAddress: marked(natOriginalAddressSchema),
  preSharedKeyEncoding: marked(preSharedKeyEncodingSchema),
  fragmentation: marked(z.union([z.literal('none'), fragmentationSchema])),
  phase1Mode: marked(z.enum(['main', 'aggressive'])),
  phase1: marked(z.array(phase1Schema).min(1)),
  phase1LifetimeSeconds: marked(z.int().positive()),
  phase2: marked(z.array(phase2Schema).min(1)),
  phase2LifetimeSeconds: marked(z.int().positive()),
  phase2LifetimeKilobytes: marked(z.union([z.literal('none'), z.int().positive()])),
  transformStyle: marked(transformStyleSchema),
  pfs: marked(z.enum(['none', ...groupNames])),
  messageIds: marked(z.enum(['random', 'counting'])),
  selectors: marked(selectorsSchema),
  /** Message 5 says INITIAL-CONTACT. */
  initialContact: marked(z.boolean()),
  deadPeerDetection: marked(z.union([z.literal('none'), deadPeerDetectionSchema])),
  /** When the client replaces an SA itself; `none` leaves that to its peer. */
  rekey: marked(z.union([z.literal('none'), rekeySchema])),
  retransmission: marked(retransmissionSchema),
  natRule: marked(z.union([z.literal('none'), natRuleSchema])),
};

const ikeSchema = z.object(ikeFields);
export type IkeProfile = z.output<typeof ikeSchema>;

/** What is spoken is announced, or no peer ever learns of it: places of what the vendor ids lack (RFC 3947 3.1, RFC 3706 5.1). */
export function unannounced({
  natTraversal,
  deadPeerDetection,
  fragmentation,
  vendorIds,
}: Pick<IkeProfile, 'natTraversal' | 'deadPeerDetection' | 'fragmentation' | 'vendorIds'>): {
  readonly path: readonly (string | number)[];
  readonly message: string;
}[] {
  const missing = (path: readonly (string | number)[], spoken: string) => ({
    path,
    message: `${spoken} is spoken, and no vendor id says so`,
  });
  const announces = (...names: string[]) => names.some((name) => vendorIds.value.includes(name));
  return [
    ...natTraversal.value.flatMap((revision, at) =>
      announces(revision) ? [] : [missing(['natTraversal', 'value', at], revision)],
    ),
    ...(deadPeerDetection.value === 'none' || announces('dpd')
      ? []
      : [missing(['deadPeerDetection', 'value'], 'dead peer detection')]),
    ...(fragmentation.value === 'none' || announces('ms-fragmentation', 'fragmentation-main-aggressive')
      ? []
      : [missing(['fragmentation', 'value'], 'fragmentation')]),
  ];
}

/** Of the client's UDP port for L2TP, and whether the cell or the profile says it. */
interface L2tpPort {
  readonly port: number;
  readonly isItsOwn: boolean;
}

/** The client's IKE in a cell: its axes decide NAT traversal, and the NAT rule with its reading. */
export function ikeOf(
  profile: IkeProfile,
  teardown: readonly Layer[],
  cell: Cell,
  settings: CellSettings,
  { port, isItsOwn }: L2tpPort,
): IkeInitiatorConfig {
  const natTraversal = clientHasNatTraversal(cell);
  const { selectors, pfs, identity, deadPeerDetection, rekey } = profile;
  const local = selectors.value.local;
  return {
    role: 'initiator',
    ...(!teardown.includes('phase1') && { endsSilently: true as const }),
    ...(profile.initialContact.value && { initialContact: true as const }),
    preSharedKey: keyOctets(settings.clientPreSharedKey, profile.preSharedKeyEncoding.value),
    identity: identityOf(identity.value),
    natTraversal: natTraversal ? profile.natTraversal.value : [],
    vendorIds: vendorIdsOf(profile.vendorIds.value, natTraversal),
    ...(profile.phase1Mode.value === 'aggressive' && { phase1Mode: 'aggressive' as const }),
    phase1: profile.phase1.value.flatMap((text) => {
      const transform = parsePhase1(text);
      return transform ? [{ ...transform, lifetimeSeconds: profile.phase1LifetimeSeconds.value }] : [];
    }),
    retransmission: scaled(profile.retransmission.value, settings.timerFactor),
    keepaliveSeconds: profile.keepaliveSeconds.value,
    ...natHabitsOf(profile),
    phase2: phase2Of(profile),
    transformStyle: profile.transformStyle.value,
    ...(pfs.value !== 'none' && { pfs: groups[pfs.value] }),
    messageIds: profile.messageIds.value,
    ...(deadPeerDetection.value !== 'none' && { deadPeerDetection: deadPeerDetection.value }),
    ...(rekey.value !== 'none' && { rekey: rekey.value }),
    localPort: isItsOwn || local === 'l2tp-port' ? port : local,
    peerPort: selectors.value.remote,
    ...natRuleOf(profile, cell),
  };
}

function identityOf(identity: z.output<typeof identitySchema>): Identity {
  if (identity === 'local-address') return { type: 'local-address' };
  if ('fqdn' in identity) return { type: 'fqdn', name: identity.fqdn };
  return { type: 'key-id', id: Buffer.from(identity.keyId).toString('hex') };
}

/** What either end does about NAT and about large messages. */
export function natHabitsOf({
  natOriginalAddress: { value: original },
  fragmentation: { value: fragmentation },
}: Pick<IkeProfile, 'natOriginalAddress' | 'fragmentation'>): Pick<
  IkeInitiatorConfig,
  'natOriginalAddress' | 'fragmentation'
> {
  return {
    ...(original !== 'in-udp' && { natOriginalAddress: original }),
    ...(fragmentation !== 'none' && {
      fragmentation: {
        maximumOctets: fragmentation.maximumOctets,
        ...(fragmentation.which !== 'every' && { which: fragmentation.which }),
      },
    }),
  };
}

function phase2Of(profile: IkeProfile): IkeInitiatorConfig['phase2'] {
  const kilobytes = profile.phase2LifetimeKilobytes.value;
  const lifetime = {
    lifetimeSeconds: profile.phase2LifetimeSeconds.value,
    ...(kilobytes !== 'none' && { lifetimeKilobytes: kilobytes }),
  };
  return profile.phase2.value.flatMap((text) => {
    const algorithms = parsePhase2(text);
    return algorithms ? [{ ...algorithms, ...lifetime }] : [];
  });
}

/** True where a cell leaves NAT traversal on at the client. */
export function clientHasNatTraversal({ natt }: Cell): boolean {
  return natt === 'both' || natt === 'responder-off';
}

/** Reading a stops after NAT detection, reading b completes and sends no ESP; `none` is the profile's own. */
function natRuleOf({ natRule }: IkeProfile, cell: Cell): Pick<IkeInitiatorConfig, 'natRule'> {
  if (natRule.value === 'none') return {};
  const readings = { a: 'stop-after-nat-detection', b: 'complete-but-send-no-esp' } as const;
  const whenRefused = cell.reading === 'none' ? natRule.value.whenRefused : readings[cell.reading];
  return { natRule: { rule: natRuleValue(cell).value, whenRefused } };
}

/** The value that has an effect, and why it is not the one that was written (rule WIN-11). */
export function natRuleValue({ rule }: Pick<Cell, 'rule'>): {
  readonly value: 0 | 1 | 2;
  readonly withoutEffect?: 'wrong-key' | 'before-reboot';
} {
  switch (rule) {
    case '0':
      return { value: 0 };
    case '1':
      return { value: 1 };
    case '2':
      return { value: 2 };
    case '2-wrong-key':
      return { value: 0, withoutEffect: 'wrong-key' };
    case '2-before-reboot':
      return { value: 0, withoutEffect: 'before-reboot' };
  }
}
