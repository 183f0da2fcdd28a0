import { z } from 'zod';
import { type AttributeName, attribute } from '../../../../stack/l2tp/attribute.ts';
import type { AvpEntry, ListedMessage } from '../../../../stack/l2tp/avp-entry.ts';
import type { L2tpConfig } from '../../../../stack/l2tp/config.ts';
import type { CellSettings } from '../../peer.ts';
import { marked } from './marked.ts';
import type { Layer } from './teardown.ts';
import { retransmissionSchema, scaled } from './timing.ts';

const attributeName = z.enum(Object.keys(attribute) as AttributeName[]);
const hex = z.string().regex(/^([0-9a-f]{2})*$/, 'is no hex');
const octetsSchema = z.union([
  z.string(),
  z.strictObject({ hex }),
  z.strictObject({ randomOctets: z.int().positive() }),
]);

/** An AVP: an attribute by its name, alone where its value is this client's own, or one of a vendor's. */
const avpSchema = z.union([
  attributeName,
  z.strictObject({
    attribute: attributeName,
    value: z.union([z.int().min(0), octetsSchema]).optional(),
    mandatory: z.boolean().optional(),
  }),
  z.strictObject({
    vendorId: z.int().positive(),
    type: z.int().min(0).max(0xffff),
    value: octetsSchema,
    mandatory: z.boolean().optional(),
  }),
]);
const messageName = z.enum(['SCCRQ', 'SCCCN', 'ICRQ', 'ICCN', 'StopCCN', 'CDN'] satisfies ListedMessage[]);

/** What a client does in L2TP. */
export const l2tpFields = {
  /** UDP port of its L2TP; `ephemeral` is one that the system gives it. */
  port: marked(z.union([z.literal('ephemeral'), z.int().min(1).max(65535)])),
  /** False: its UDP goes without checksums (RFC 768). Absent: with them. */
  udpChecksums: marked(z.boolean()).optional(),
  /** Where the ids of its tunnels come from: `attempts` counts them since the start. */
  tunnelIds: marked(z.enum(['random', 'attempts'])),
  hostName: marked(z.string().min(1)),
  vendorName: marked(z.union([z.literal('none'), z.string().min(1)])),
  firmwareRevision: marked(z.union([z.literal('none'), z.int().min(0).max(0xffff)])),
  framingCapabilities: marked(z.int().min(0)),
  bearerCapabilities: marked(z.union([z.literal('none'), z.int().min(0)])),
  receiveWindowSize: marked(z.int().positive()),
  /** 0 for never. */
  helloSeconds: marked(z.int().min(0)),
  /** `ignored`: neither sent nor processed. */
  tieBreaker: marked(z.enum(['none', 'ignored', 'random'])),
  /** AVPs by message, in their order behind Message Type; a message that is not here is written as Windows does. */
  messages: marked(z.partialRecord(messageName, z.array(avpSchema).min(1))),
  /** How much of Result Code is said. */
  resultCodes: marked(z.enum(['result', 'result-and-error', 'with-text'])),
  /** CDN names its session by the Assigned Session ID alone. */
  disconnectsSessionZero: marked(z.boolean()),
  /** Drops messages with other header bits than T, L and S. */
  strictHeader: marked(z.boolean()),
  retransmission: marked(retransmissionSchema),
  /** How SCCRQ is repeated until the peer first answers. */
  startRetransmission: marked(retransmissionSchema),
};

const l2tpSchema = z.object(l2tpFields);
export type L2tpProfile = z.output<typeof l2tpSchema>;

/** The client's L2TP, with its gaps shortened as the cell's settings say. */
export function l2tpOf(
  l2tp: L2tpProfile,
  teardown: readonly Layer[],
  { timerFactor }: CellSettings,
): L2tpConfig {
  const firmware = l2tp.firmwareRevision.value;
  const bearer = l2tp.bearerCapabilities.value;
  const codes = l2tp.resultCodes.value;
  const tieBreaker = l2tp.tieBreaker.value;
  return {
    role: 'lac',
    ...(l2tp.tunnelIds.value === 'attempts' && { countsTunnels: true as const }),
    hostName: l2tp.hostName.value,
    ...(l2tp.vendorName.value !== 'none' && { vendorName: l2tp.vendorName.value }),
    ...(firmware !== 'none' && { firmwareRevision: firmware }),
    framingCapabilities: l2tp.framingCapabilities.value,
    ...(bearer !== 'none' && { bearerCapabilities: bearer }),
    receiveWindowSize: l2tp.receiveWindowSize.value,
    helloSeconds: l2tp.helloSeconds.value,
    ...(tieBreaker !== 'none' && { tieBreaker }),
    messages: messagesOf(l2tp),
    ...(codes !== 'with-text' && { resultCodes: codes }),
    ...teardownOf(teardown),
    ...(l2tp.disconnectsSessionZero.value && { disconnectsSessionZero: true as const }),
    ...(l2tp.strictHeader.value && { strictHeader: true as const }),
    retransmission: scaled(l2tp.retransmission.value, timerFactor),
    startRetransmission: scaled(l2tp.startRetransmission.value, timerFactor),
    maximumTunnels: 1,
  };
}

function messagesOf({ messages }: L2tpProfile): NonNullable<L2tpConfig['messages']> {
  const lists = Object.entries(messages.value).map(([message, avps]) => [message, avps.map(avpEntry)]);
  return Object.fromEntries(lists);
}

function avpEntry(avp: z.output<typeof avpSchema>): AvpEntry {
  if (typeof avp === 'string') return { attribute: avp };
  const { mandatory, ...others } = avp;
  const bit = mandatory === undefined ? {} : { mandatory };
  if ('vendorId' in others) return { ...others, ...bit };
  const { attribute: name, value } = others;
  return { attribute: name, ...(value !== undefined && { value }), ...bit };
}

/** Absent is CDN for each session, then StopCCN. */
function teardownOf(layers: readonly Layer[]): Pick<L2tpConfig, 'teardown'> {
  if (layers.includes('l2tp-session')) return {};
  return { teardown: layers.includes('l2tp-tunnel') ? 'stopccn' : 'silent' };
}

/** The lowest of the dynamic ports (RFC 6335 section 6). */
export const firstEphemeralPort = 49152;

/** A port as a system gives one; two clients of one network have different ones here, and each always its own. */
export function ephemeralPort(localAddress: string): number {
  const [, , third = 0, fourth = 0] = localAddress.split('.').map(Number);
  return firstEphemeralPort + ((third * 256 + fourth) % (65536 - firstEphemeralPort));
}
