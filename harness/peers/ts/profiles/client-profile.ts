import { z } from 'zod';
import type { ClientEndpointConfig } from '../../../../stack/endpoint/config.ts';
import type { Cell } from '../../../cell.ts';
import { misbehaviour } from '../../../impairment.ts';
import type { CellSettings } from '../../peer.ts';
import { ikeFields, ikeOf, unannounced } from './ike-fields.ts';
import { ephemeralPort, l2tpFields, l2tpOf } from './l2tp-fields.ts';
import { marked } from './marked.ts';
import { pppFields, pppOf } from './ppp-fields.ts';
import { readProfile, remembering } from './profile-file.ts';
import { teardownSchema } from './teardown.ts';

/** A field behaviour of a dialling client, as data: every value with its source and how sure it is. */
export const clientProfileSchema = z
  .strictObject({
    summary: z.string().min(1),
    /** Whose client it is; some rules speak of Windows alone. */
    family: z.enum(['windows', 'apple', 'android', 'linux', 'router', 'stack']),
    /** Absent: it dials with IPsec. False: in the clear, and nothing that is said of IKE plays a part. */
    ipsec: marked(z.literal(false)).optional(),
    ...ikeFields,
    /** The layers that the client ends, and says so to its peer. */
    teardown: marked(teardownSchema),
    l2tp: z.strictObject(l2tpFields),
    ppp: z.strictObject(pppFields),
  })
  .superRefine((profile, context) => {
    for (const { path, message } of unannounced(profile)) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  });

export type ClientProfile = z.output<typeof clientProfileSchema>;

/** Throws `usage` for an unknown name, `bad-data` for a malformed file. */
export const loadClientProfile: (name: string) => ClientProfile = remembering((name) =>
  readProfile('client', name, clientProfileSchema),
);

/**
 * The settings of our client for a profile and a cell: the cell's axes decide NAT traversal, the NAT rule
 * and its reading, and whether L2TP has a port of its own; the settings name that port, the keys, the user and
 * the address to dial.
 */
export function compileClient(
  profile: ClientProfile,
  cell: Cell,
  settings: CellSettings,
  localAddress: string,
): ClientEndpointConfig {
  const isItsOwn = cell.sourceport === 'distinct';
  const usual = profile.l2tp.port.value;
  const port = usual === 'ephemeral' ? ephemeralPort(localAddress) : usual;
  const l2tpPort = isItsOwn ? settings.l2tpPort : port;
  return {
    role: 'client',
    localAddress,
    dial: settings.dial,
    ike: ikeOf(profile, profile.teardown.value, cell, settings, { port: l2tpPort, isItsOwn }),
    l2tpPort,
    l2tp: l2tpOf(profile.l2tp, profile.teardown.value, settings),
    ppp: pppOf(profile.ppp, cell, settings),
    ...(profile.l2tp.udpChecksums?.value === false && { omitsUdpChecksums: true as const }),
    ...(profile.ipsec?.value === false && { withoutIpsec: true as const }),
    ...misbehaviour(cell, 'client'),
  };
}
