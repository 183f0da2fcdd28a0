import { z } from 'zod';
import type { ClientEndpointConfig } from '../../../../stack/endpoint/config.ts';
import type { IkeInitiatorConfig } from '../../../../stack/ike/config.ts';
import type { Cell } from '../../../cell.ts';
import type { CellSettings } from '../../peer.ts';
import { marked } from './marked.ts';
import { readProfile } from './profile-file.ts';
import { retransmissionSchema, scaled } from './timing.ts';
import { parsePhase1, parsePhase2, phase1Schema, phase2Schema } from './transform.ts';
import { vendorIdSchema, vendorIdsOf } from './vendor-id.ts';

/** UDP port of quick mode identities; 0 is any. `local` is IDci, `remote` is IDcr. */
const selectorsSchema = z.strictObject({
  local: z.int().min(0).max(65535),
  remote: z.int().min(0).max(65535),
});
const whenRefused = z.enum(['stop-after-nat-detection', 'complete-but-send-no-esp']);

/** A field behaviour of a dialling client, as data: every value with its source and how sure it is. */
const clientProfileSchema = z.strictObject({
  summary: z.string(),
  identity: marked(z.literal('local-address')),
  vendorIds: marked(z.array(vendorIdSchema)),
  natTraversal: marked(z.array(z.enum(['rfc3947', 'draft-02n'])).min(1)),
  keepaliveSeconds: marked(z.int().min(0)),
  phase1: marked(z.array(phase1Schema).min(1)),
  phase1LifetimeSeconds: marked(z.int().positive()),
  phase2: marked(z.array(phase2Schema).min(1)),
  phase2LifetimeSeconds: marked(z.int().positive()),
  phase2LifetimeKilobytes: marked(z.int().positive()).optional(),
  selectors: marked(selectorsSchema),
  /** Message 5 says INITIAL-CONTACT. */
  initialContact: marked(z.boolean()),
  retransmission: marked(retransmissionSchema),
  /** AssumeUDPEncapsulationContextOnSendRule, for clients that have it: what happens on a refusal. */
  natRule: z
    .strictObject({ family: z.enum(['xp-sp2', 'vista']), whenRefused: marked(whenRefused) })
    .optional(),
  /** The layers in the order in which the client ends them, as far as it says so to its peer. */
  teardown: marked(z.array(z.enum(['ppp', 'l2tp-session', 'l2tp-tunnel', 'phase2', 'phase1']))),
  l2tp: z.strictObject({
    port: marked(z.int().min(1).max(65535)),
    /** Where the ids of its tunnels come from: `attempts` counts them since the start. */
    tunnelIds: marked(z.enum(['random', 'attempts'])),
    hostName: marked(z.string()),
    vendorName: marked(z.string()),
    firmwareRevision: marked(z.int()).optional(),
    framingCapabilities: marked(z.int()),
    bearerCapabilities: marked(z.int()).optional(),
    receiveWindowSize: marked(z.int().positive()),
    helloSeconds: marked(z.int().positive()),
    retransmission: marked(retransmissionSchema),
  }),
  ppp: z.strictObject({
    mru: marked(z.int().positive()),
    /** Ticked in the security settings, best first. */
    authentication: marked(z.array(z.enum(['chap-md5', 'ms-chap-v2'])).min(1)),
    requestsDns: marked(z.boolean()),
    identification: marked(z.array(z.string())),
    echoSeconds: marked(z.int().min(0)),
    echoFailures: marked(z.int().positive()),
    retransmission: marked(retransmissionSchema),
  }),
});

export type ClientProfile = z.output<typeof clientProfileSchema>;

export function loadClientProfile(name: string): ClientProfile {
  return readProfile('client', name, clientProfileSchema);
}

/** True where a cell leaves NAT traversal on at the client. */
export function clientHasNatTraversal(cell: Cell): boolean {
  return cell.natt === 'both' || cell.natt === 'responder-off';
}

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
  const { l2tp, ppp } = profile;
  return {
    role: 'client',
    localAddress,
    dial: settings.dial,
    ike: ikeOf(profile, cell, settings),
    l2tpPort: ownPort(cell, settings) ?? l2tp.port.value,
    l2tp: {
      role: 'lac',
      ...(l2tp.tunnelIds.value === 'attempts' && { countsTunnels: true as const }),
      hostName: l2tp.hostName.value,
      vendorName: l2tp.vendorName.value,
      ...(l2tp.firmwareRevision && { firmwareRevision: l2tp.firmwareRevision.value }),
      framingCapabilities: l2tp.framingCapabilities.value,
      ...(l2tp.bearerCapabilities && { bearerCapabilities: l2tp.bearerCapabilities.value }),
      receiveWindowSize: l2tp.receiveWindowSize.value,
      helloSeconds: l2tp.helloSeconds.value,
      retransmission: scaled(l2tp.retransmission.value, settings.timerFactor),
      maximumTunnels: 1,
    },
    ppp: {
      role: 'client',
      mru: ppp.mru.value,
      user: settings.user,
      password: settings.password,
      accepts: ppp.authentication.value,
      requestsDns: ppp.requestsDns.value,
      ...(ppp.identification.value.length > 0 && { identification: ppp.identification.value }),
      echoSeconds: ppp.echoSeconds.value,
      echoFailures: ppp.echoFailures.value,
      retransmission: scaled(ppp.retransmission.value, settings.timerFactor),
    },
  };
}

function ikeOf(profile: ClientProfile, cell: Cell, settings: CellSettings): IkeInitiatorConfig {
  const natTraversal = clientHasNatTraversal(cell);
  const lifetimeSeconds = profile.phase2LifetimeSeconds.value;
  return {
    role: 'initiator',
    ...(profile.initialContact.value && { initialContact: true as const }),
    preSharedKey: new TextEncoder().encode(settings.clientPreSharedKey),
    identity: { type: profile.identity.value },
    natTraversal: natTraversal ? profile.natTraversal.value : [],
    vendorIds: vendorIdsOf(profile.vendorIds.value, natTraversal),
    phase1: profile.phase1.value.flatMap((text) => {
      const transform = parsePhase1(text);
      return transform ? [{ ...transform, lifetimeSeconds: profile.phase1LifetimeSeconds.value }] : [];
    }),
    retransmission: scaled(profile.retransmission.value, settings.timerFactor),
    keepaliveSeconds: profile.keepaliveSeconds.value,
    phase2: profile.phase2.value.flatMap((text) => {
      const algorithms = parsePhase2(text);
      const kilobytes = profile.phase2LifetimeKilobytes?.value;
      const lifetime = { lifetimeSeconds, ...(kilobytes !== undefined && { lifetimeKilobytes: kilobytes }) };
      return algorithms ? [{ ...algorithms, ...lifetime }] : [];
    }),
    localPort: ownPort(cell, settings) ?? profile.selectors.value.local,
    peerPort: profile.selectors.value.remote,
    ...natRuleOf(profile, cell),
  };
}

/** A port of this client's own, which its quick modes name too; `undefined` where the profile's are meant. */
function ownPort({ sourceport }: Cell, { l2tpPort }: CellSettings): number | undefined {
  return sourceport === 'distinct' ? l2tpPort : undefined;
}

/** Reading a stops after NAT detection, reading b completes and sends no ESP; `none` is the profile's own. */
function natRuleOf(profile: ClientProfile, cell: Cell): Pick<IkeInitiatorConfig, 'natRule'> {
  if (!profile.natRule) return {};
  const readings = { a: 'stop-after-nat-detection', b: 'complete-but-send-no-esp' } as const;
  const refused = cell.reading === 'none' ? profile.natRule.whenRefused.value : readings[cell.reading];
  const rules = { '0': 0, '1': 1, '2': 2 } as const;
  return { natRule: { rule: rules[cell.rule], whenRefused: refused } };
}
