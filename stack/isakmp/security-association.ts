import { type Decoded, decoded, malformed } from '../decode.ts';
import { concat, readUint, uint16, uint32 } from '../octets.ts';
import { type Attribute, decodeAttributes, encodeAttributes } from './attribute.ts';
import { ipsecDoi, sitIdentityOnly } from './ipsec-doi.ts';
import { decodePayloadChain, encodePayloadChain, genericHeaderLength } from './payload-chain.ts';
import { PayloadType } from './payload-type.ts';

/** The Security Association payload of the IPsec DOI in the situation SIT_IDENTITY_ONLY (RFC 2408 3.4, RFC 2407 4.6.1). */
export interface SecurityAssociation {
  readonly proposals: readonly Proposal[];
}

/** RFC 2408 3.5. Proposals that share a number are offered together, as one (RFC 2408 4.2). */
export interface Proposal {
  readonly number: number;
  readonly protocolId: number;
  readonly spi: Uint8Array;
  readonly transforms: readonly Transform[];
}

/** RFC 2408 3.6. */
export interface Transform {
  readonly number: number;
  readonly transformId: number;
  readonly attributes: readonly Attribute[];
}

const saField = 'Security Association';
const situationEnd = 8;

/** The payload's body, without its generic header. */
export function encodeSecurityAssociation(sa: SecurityAssociation): Uint8Array {
  const proposals = sa.proposals.map((proposal) => ({
    type: PayloadType.proposal,
    body: encodeProposal(proposal),
  }));
  return concat(uint32(ipsecDoi), uint32(sitIdentityOnly), encodePayloadChain(proposals));
}

/** Reads the payload's body; `offset` is where it lies in the message, for errors. */
export function decodeSecurityAssociation(body: Uint8Array, offset: number): Decoded<SecurityAssociation> {
  if (body.length < situationEnd + genericHeaderLength) {
    return malformed('truncated', saField, offset, `${body.length} octets hold no proposal`);
  }
  const doi = readUint(body, 0, 4);
  if (doi !== ipsecDoi) {
    return malformed('unsupported', `${saField}.DOI`, offset, `DOI ${doi}, not ${ipsecDoi}`);
  }
  const situation = readUint(body, 4, 4);
  if (situation !== sitIdentityOnly) {
    return malformed('unsupported', `${saField}.Situation`, offset + 4, `situation ${situation}`);
  }
  const chain = decodeSubChain(body, situationEnd, PayloadType.proposal, offset, `${saField}.Proposal`);
  if (!chain.ok) return chain;
  const proposals: Proposal[] = [];
  for (const [index, payload] of chain.value.entries()) {
    const at = offset + payload.start + genericHeaderLength;
    const proposal = decodeProposal(payload.body, at, `${saField}.Proposal[${index}]`);
    if (!proposal.ok) return proposal;
    proposals.push(proposal.value);
  }
  return decoded({ proposals });
}

function encodeProposal(proposal: Proposal): Uint8Array {
  const { number, protocolId, spi, transforms } = proposal;
  return concat(
    Uint8Array.of(number, protocolId, spi.length, transforms.length),
    spi,
    encodePayloadChain(
      transforms.map((transform) => ({
        type: PayloadType.transform,
        body: concat(
          Uint8Array.of(transform.number, transform.transformId),
          uint16(0),
          encodeAttributes(transform.attributes),
        ),
      })),
    ),
  );
}

function decodeProposal(body: Uint8Array, offset: number, field: string): Decoded<Proposal> {
  if (body.length < 4) return malformed('truncated', field, offset, `${body.length} of at least 4 octets`);
  const spiSize = readUint(body, 2, 1);
  const spiEnd = 4 + spiSize;
  if (spiEnd + genericHeaderLength > body.length) {
    return malformed('bad-length', `${field}.SPI Size`, offset + 2, `SPI of ${spiSize} leaves no transform`);
  }
  const chain = decodeSubChain(body, spiEnd, PayloadType.transform, offset, `${field}.Transform`);
  if (!chain.ok) return chain;
  const count = readUint(body, 3, 1);
  if (count !== chain.value.length) {
    const detail = `says ${count}, ${chain.value.length} are there`;
    return malformed('bad-value', `${field}.# of Transforms`, offset + 3, detail);
  }
  const transforms: Transform[] = [];
  for (const [index, payload] of chain.value.entries()) {
    const at = offset + payload.start + genericHeaderLength;
    const transform = decodeTransform(payload.body, at, `${field}.Transform[${index}]`);
    if (!transform.ok) return transform;
    transforms.push(transform.value);
  }
  return decoded({
    number: readUint(body, 0, 1),
    protocolId: readUint(body, 1, 1),
    spi: body.subarray(4, spiEnd),
    transforms,
  });
}

function decodeTransform(body: Uint8Array, offset: number, field: string): Decoded<Transform> {
  if (body.length < 4) return malformed('truncated', field, offset, `${body.length} of at least 4 octets`);
  const attributes = decodeAttributes(body.subarray(4), offset + 4, field);
  if (!attributes.ok) return attributes;
  const [number = 0, transformId = 0] = body;
  return decoded({ number, transformId, attributes: attributes.value });
}

/** A chain that must hold one payload type only and end where its parent ends (RFC 2408 3.5, 3.6). */
function decodeSubChain(body: Uint8Array, start: number, type: number, offset: number, field: string) {
  const chain = decodePayloadChain(body, type, start, field);
  if (!chain.ok)
    return malformed<never>(
      chain.error.code,
      chain.error.field,
      offset + chain.error.offset,
      chain.error.detail,
    );
  const stranger = chain.value.find((payload) => payload.type !== type);
  if (stranger !== undefined) {
    return malformed<never>(
      'bad-value',
      `${field}.Next Payload`,
      offset + stranger.start,
      `type ${stranger.type}`,
    );
  }
  const end = chain.value.at(-1)?.end ?? start;
  if (end !== body.length) {
    return malformed<never>(
      'bad-length',
      field,
      offset + end,
      `${body.length - end} octets after the last one`,
    );
  }
  return chain;
}
