import { z } from 'zod';
import type { LcpWish, PppClientConfig } from '../../../../stack/ppp/config.ts';
import type { Cell } from '../../../cell.ts';
import type { CellSettings } from '../../peer.ts';
import { marked } from './marked.ts';
import { retransmissionSchema, scaled } from './timing.ts';

const octet = z.int().min(0).max(255);
const hex = z.string().regex(/^([0-9a-f]{2})*$/, 'is no hex');

/** An LCP option for its place in the first Configure-Request; those without a value by their name alone. */
const lcpOptionSchema = z.union([
  z.enum(['mru', 'magic-number', 'protocol-field-compression', 'address-and-control-field-compression']),
  z.strictObject({ option: z.literal('async-control-character-map'), map: z.int().min(0) }),
  z.strictObject({ option: z.literal('callback'), operation: octet }),
  z.strictObject({ option: z.literal('mrru'), octets: z.int().positive() }),
  z.strictObject({ option: z.literal('endpoint-discriminator'), class: octet, address: hex }),
]);

export const authenticationSchema = z.array(z.enum(['pap', 'chap-md5', 'ms-chap-v1', 'ms-chap-v2'])).min(1);

/** What a client does in PPP. */
export const pppFields = {
  mru: marked(z.int().positive()),
  lcpOptions: marked(z.array(lcpOptionSchema)),
  /** Of the one counter over all protocols. */
  firstIdentifier: marked(octet),
  /** Ticked in the security settings, best first. */
  authentication: marked(authenticationSchema),
  requestsDns: marked(z.boolean()),
  requestsWins: marked(z.boolean()),
  /** Asks for CCP with these bits of RFC 3078 2.1. */
  ccp: marked(z.union([z.literal('none'), z.strictObject({ supportedBits: z.int().min(0) })])),
  ipv6cp: marked(z.boolean()),
  /** Texts of LCP Identification packets; some send octets besides. */
  identification: marked(z.array(z.union([z.string(), z.strictObject({ hex })]))),
  /** What LCP's Terminate-Request says: a text, or the error number of Windows. */
  terminateReason: marked(z.enum(['text', 'windows'])),
  echoSeconds: marked(z.int().min(0)),
  echoFailures: marked(z.int().positive()),
  retransmission: marked(retransmissionSchema),
};

const pppSchema = z.object(pppFields);
export type PppProfile = z.output<typeof pppSchema>;

/** What a client takes in a cell: where the sources of a profile say different things, the cell's reading decides (rule PPP-10). */
export function authenticationOf(
  { authentication: { value, confidence, otherReading } }: Pick<PppProfile, 'authentication'>,
  { reading }: Pick<Cell, 'reading'>,
): PppProfile['authentication']['value'] {
  return confidence === '?' && reading === 'b' && otherReading ? otherReading.value : value;
}

/** The client's PPP in a cell, for the user whom its settings name. */
export function pppOf(
  ppp: PppProfile,
  cell: Pick<Cell, 'reading'>,
  { user, password, timerFactor }: CellSettings,
): PppClientConfig {
  const ccp = ppp.ccp.value;
  return {
    role: 'client',
    mru: ppp.mru.value,
    lcpOptions: ppp.lcpOptions.value.map(
      (wish): LcpWish => (typeof wish === 'string' ? { option: wish } : wish),
    ),
    firstIdentifier: ppp.firstIdentifier.value,
    user,
    password,
    accepts: authenticationOf(ppp, cell),
    requestsDns: ppp.requestsDns.value,
    ...(ppp.requestsWins.value && { requestsWins: true as const }),
    ...(ccp !== 'none' && { ccp }),
    ...(ppp.ipv6cp.value && { ipv6cp: true as const }),
    ...(ppp.identification.value.length > 0 && { identification: ppp.identification.value }),
    ...(ppp.terminateReason.value === 'windows' && { terminateReason: 'windows' as const }),
    echoSeconds: ppp.echoSeconds.value,
    echoFailures: ppp.echoFailures.value,
    retransmission: scaled(ppp.retransmission.value, timerFactor),
  };
}
