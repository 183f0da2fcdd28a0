import { z } from 'zod';
import {
  deadPeerDetectionSchema,
  fragmentationSchema,
  groupNames,
  natOriginalAddressSchema,
  natTraversalSchema,
} from './ike-fields.ts';
import { marked } from './marked.ts';
import { authenticationSchema } from './ppp-fields.ts';
import { preSharedKeyEncodingSchema } from './pre-shared-key.ts';
import { profileNames, readProfile, remembering } from './profile-file.ts';
import { retransmissionSchema } from './timing.ts';
import { phase1ListSchema, phase1Schema, phase2ListSchema } from './transform.ts';
import { vendorIdName } from './vendor-id.ts';

/** What every responder does of itself, whoever sets it up. */
const habits = {
  summary: z.string(),
  vendorIds: marked(z.array(vendorIdName)),
  natTraversal: marked(natTraversalSchema),
  /** Which of the NAT-T ids its answer bears. */
  natTraversalAnswer: marked(z.enum(['chosen', 'as-received', 'as-message-1'])),
  /** Says that it is behind NAT where it is not, so that ESP goes in UDP. */
  forcedEncapsulation: marked(z.boolean()),
  natOriginalAddress: marked(natOriginalAddressSchema),
  /** Of ESP in UDP in quick mode: takes those of the revision in use alone, or the drafts' and the RFC's for each other (rule ESP-2). */
  encapsulationNumbers: marked(z.enum(['of-revision', 'either'])),
  fragmentation: marked(z.union([z.literal('none'), fragmentationSchema])),
  deadPeerDetection: marked(z.union([z.literal('none'), deadPeerDetectionSchema])),
  acceptsAggressive: marked(z.boolean()),
  /** The PFS groups of which quick mode must name one; `any`: none is demanded, and a known one is done. */
  pfs: marked(z.union([z.literal('any'), z.array(z.enum(groupNames)).min(1)])),
  /** RESPONDER-LIFETIME where it keeps an SA for less than was offered. */
  sendsResponderLifetime: marked(z.boolean()),
  keepaliveSeconds: marked(z.int().min(0)),
  phase1LifetimeSeconds: marked(z.int().positive()),
  phase2LifetimeSeconds: marked(z.int().positive()),
  choice: marked(z.enum(['initiator-order', 'responder-order'])),
  expectedPeerIdentity: marked(z.enum(['any', 'peer-address'])),
  quickModeAddresses: marked(z.enum(['any', 'outer'])),
  acceptsDialledAddress: marked(z.boolean()),
  maximumHalfOpen: marked(z.int().positive()),
  preSharedKeyEncoding: marked(preSharedKeyEncodingSchema),
  retransmission: marked(retransmissionSchema),
};

const l2tpHabits = {
  vendorName: marked(z.string()),
  framingCapabilities: marked(z.int()),
  bearerCapabilities: marked(z.int()),
  receiveWindowSize: marked(z.int().positive()),
  helloSeconds: marked(z.int().positive()),
  maximumTunnels: marked(z.int().positive()),
  retransmission: marked(retransmissionSchema),
};

const pppHabits = {
  /** What becomes of a user who comes in again while he is in (rule MULTI-3): see `SameUserPolicy`. */
  sameUser: marked(z.enum(['both', 'newest', 'oldest'])),
  mru: marked(z.int().positive()),
  echoFailures: marked(z.int().positive()),
  retransmission: marked(retransmissionSchema),
};

/**
 * A responder that a script sets up: the defaults of commands that leave values out, and the behaviour that no
 * command sets.
 */
const scriptProfileSchema = z.strictObject({
  setUpBy: z.literal('script'),
  ...habits,
  natTraversalUnlessSet: marked(z.boolean()),
  phase1UnlessSet: marked(phase1Schema),
  /** What a pre-shared key may be made of; a key of other characters is refused, and what names it has none. */
  keyCharacters: marked(z.enum(['any', 'alphanumeric'])),
  sendsNotifiesUnlessSet: marked(z.boolean()),
  sendsDeletesUnlessSet: marked(z.boolean()),
  l2tp: z.strictObject(l2tpHabits),
  ppp: z.strictObject(pppHabits),
});

/** A responder that is all in its profile: transforms in its order of preference, and what the cell changes of them. */
const plainProfileSchema = z.strictObject({
  setUpBy: z.literal('profile'),
  ...habits,
  identity: marked(z.literal('local-address')),
  phase1: marked(phase1ListSchema),
  phase2: marked(phase2ListSchema),
  sendsNotifies: marked(z.boolean()),
  sendsDeletes: marked(z.boolean()),
  l2tp: z.strictObject({
    ...l2tpHabits,
    hostName: marked(z.string()),
    /** As a client's. */
    udpChecksums: marked(z.boolean()).optional(),
  }),
  ppp: z.strictObject({
    ...pppHabits,
    /** The first is demanded; a client may ask for a later one. */
    authentication: marked(authenticationSchema),
    echoSeconds: marked(z.int().min(0)),
  }),
});

const responderProfileSchema = z.discriminatedUnion('setUpBy', [scriptProfileSchema, plainProfileSchema]);

export type ScriptProfile = z.output<typeof scriptProfileSchema>;
export type PlainProfile = z.output<typeof plainProfileSchema>;
export type ResponderProfile = ScriptProfile | PlainProfile;

/** A profile of either kind. Throws `usage` for an unknown name, `bad-data` for a malformed file. */
export const loadResponderProfile: (name: string) => ResponderProfile = remembering((name) =>
  readProfile('responder', name, responderProfileSchema),
);

/** A profile that goes with a script; `bad-data` for one that does not. */
export const loadScriptProfile: (name: string) => ScriptProfile = remembering((name) =>
  readProfile('responder', name, scriptProfileSchema),
);

/** A profile that stands alone; `bad-data` for one that goes with a script. */
export const loadPlainProfile: (name: string) => PlainProfile = remembering((name) =>
  readProfile('responder', name, plainProfileSchema),
);

/** Names of the responder profiles that go with no script. */
export function profilesThatStandAlone(): string[] {
  return profileNames('responder').filter((name) => loadResponderProfile(name).setUpBy === 'profile');
}
