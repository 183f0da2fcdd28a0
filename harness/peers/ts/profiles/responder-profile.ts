import { z } from 'zod';
import { marked } from './marked.ts';
import { readProfile } from './profile-file.ts';
import { retransmissionSchema } from './timing.ts';
import { phase1Schema } from './transform.ts';
import { vendorIdSchema } from './vendor-id.ts';

/**
 * What a responder does that its script does not say: the defaults of commands that leave values out,
 * and the behaviour that no command sets.
 */
const responderProfileSchema = z.strictObject({
  summary: z.string(),
  vendorIds: marked(z.array(vendorIdSchema)),
  natTraversal: marked(z.array(z.enum(['rfc3947', 'draft-02n'])).min(1)),
  natTraversalUnlessSet: marked(z.boolean()),
  keepaliveSeconds: marked(z.int().min(0)),
  phase1UnlessSet: marked(phase1Schema),
  phase1LifetimeSeconds: marked(z.int().positive()),
  phase2LifetimeSeconds: marked(z.int().positive()),
  choice: marked(z.enum(['initiator-order', 'responder-order'])),
  expectedPeerIdentity: marked(z.enum(['any', 'peer-address'])),
  quickModeAddresses: marked(z.enum(['any', 'outer'])),
  acceptsDialledAddress: marked(z.boolean()),
  sendsNotifiesUnlessSet: marked(z.boolean()),
  sendsDeletesUnlessSet: marked(z.boolean()),
  maximumHalfOpen: marked(z.int().positive()),
  retransmission: marked(retransmissionSchema),
  l2tp: z.strictObject({
    vendorName: marked(z.string()),
    framingCapabilities: marked(z.int()),
    bearerCapabilities: marked(z.int()),
    receiveWindowSize: marked(z.int().positive()),
    helloSeconds: marked(z.int().positive()),
    maximumTunnels: marked(z.int().positive()),
    retransmission: marked(retransmissionSchema),
  }),
  ppp: z.strictObject({
    mru: marked(z.int().positive()),
    echoFailures: marked(z.int().positive()),
    retransmission: marked(retransmissionSchema),
  }),
});

export type ResponderProfile = z.output<typeof responderProfileSchema>;

export function loadResponderProfile(name: string): ResponderProfile {
  return readProfile('responder', name, responderProfileSchema);
}
