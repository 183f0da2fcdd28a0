import { type Attribute, attributeNumber } from '../isakmp/attribute.ts';
import {
  AuthenticationAlgorithm,
  EspTransform,
  IpsecAttribute,
  ProtocolId,
  SaLifeType,
} from '../isakmp/ipsec-doi.ts';
import type { Proposal, SecurityAssociation, Transform } from '../isakmp/security-association.ts';
import { readUint, uint32 } from '../octets.ts';
import type { EspAlgorithms, EspEncryption, EspIntegrity } from '../sa.ts';
import type { IkeResponderConfig, Phase2Proposal } from './config.ts';
import { passedOver } from './downgrade.ts';
import { defaultLifetimeSeconds, firstCommon, keyLengthAttribute, namesOf, numberOf } from './proposal.ts';

const encryptions: Readonly<
  Record<EspEncryption, { readonly transformId: number; readonly keyLength?: number }>
> = {
  null: { transformId: EspTransform.null },
  'des-cbc': { transformId: EspTransform.des },
  '3des-cbc': { transformId: EspTransform.tripleDes },
  'aes-cbc-128': { transformId: EspTransform.aesCbc, keyLength: 128 },
  'aes-cbc-192': { transformId: EspTransform.aesCbc, keyLength: 192 },
  'aes-cbc-256': { transformId: EspTransform.aesCbc, keyLength: 256 },
};

const integrities: Readonly<Record<EspIntegrity, number>> = {
  'hmac-md5-96': AuthenticationAlgorithm.hmacMd5,
  'hmac-sha1-96': AuthenticationAlgorithm.hmacSha1,
  'hmac-sha2-256-128': AuthenticationAlgorithm.hmacSha2With256,
};

/**
 * One proposal for each, all under one SPI: the initiator offers separate proposals of one transform,
 * as Windows does (field facts B).
 * @param encapsulationMode transport, or UDP-encapsulated transport under the number of the revision
 */
export function phase2Offer(
  proposals: readonly Phase2Proposal[],
  spi: number,
  encapsulationMode: number,
): SecurityAssociation {
  return {
    proposals: proposals.map((proposal, index) => ({
      number: index + 1,
      protocolId: ProtocolId.esp,
      spi: uint32(spi),
      transforms: [
        {
          number: 1,
          transformId: encryptions[proposal.encryption].transformId,
          attributes: phase2Attributes(proposal, encapsulationMode),
        },
      ],
    })),
  };
}

function phase2Attributes(proposal: Phase2Proposal, encapsulationMode: number): Attribute[] {
  const { keyLength } = encryptions[proposal.encryption];
  return [
    { form: 'TV', type: IpsecAttribute.saLifeType, value: SaLifeType.seconds },
    { form: 'TLV', type: IpsecAttribute.saLifeDuration, value: uint32(proposal.lifetimeSeconds) },
    ...(proposal.lifetimeKilobytes === undefined
      ? []
      : ([
          { form: 'TV', type: IpsecAttribute.saLifeType, value: SaLifeType.kilobytes },
          { form: 'TLV', type: IpsecAttribute.saLifeDuration, value: uint32(proposal.lifetimeKilobytes) },
        ] as const)),
    { form: 'TV', type: IpsecAttribute.encapsulationMode, value: encapsulationMode },
    { form: 'TV', type: IpsecAttribute.authenticationAlgorithm, value: integrities[proposal.integrity] },
    ...keyLengthAttribute(IpsecAttribute.keyLength, keyLength),
  ];
}

/** An ESP transform that this stack understands, where it stood, and who is to receive under which SPI. */
export interface OfferedPhase2 {
  readonly proposal: Phase2Proposal;
  /** Counted from 0 over all transforms of all proposals, in wire order. */
  readonly offered: number;
  readonly spi: number;
  readonly wire: Proposal;
}

export interface ChosenPhase2 extends OfferedPhase2 {
  /** A stronger common proposal that the order left behind. */
  readonly stronger?: EspAlgorithms;
}

/** The first common proposal in the initiator's or the responder's order; `undefined` for none. */
export function choosePhase2(
  offer: SecurityAssociation,
  own: readonly Phase2Proposal[],
  choice: IkeResponderConfig['choice'],
  encapsulationMode: number,
): ChosenPhase2 | undefined {
  const offered = readPhase2Offer(offer, encapsulationMode);
  const best = firstCommon(offered, own, choice, ({ proposal }, mine) => sameEsp(proposal, mine));
  if (best === undefined) return undefined;
  const { proposal } = best.offered;
  const common = offered
    .map((each) => each.proposal)
    .filter((each) => own.some((mine) => sameEsp(mine, each)));
  const stronger = passedOver(proposal, common);
  return {
    ...best.offered,
    proposal: withShorterLifetime(proposal, best.own),
    ...(stronger && { stronger }),
  };
}

/** The responder's answer: the chosen transform, its attributes untouched, under the responder's own SPI. */
export function phase2Answer(chosen: OfferedPhase2, spi: number): SecurityAssociation {
  return { proposals: [{ ...chosen.wire, spi: uint32(spi) }] };
}

/**
 * The transforms of an offer that this stack can play: ESP alone (proposals that share a number go
 * together, RFC 2408 4.2, so ESP beside AH is not ESP), the expected encapsulation, no PFS group.
 */
export function readPhase2Offer(
  offer: SecurityAssociation,
  encapsulationMode: number,
): readonly OfferedPhase2[] {
  const alone = (proposal: Proposal) =>
    offer.proposals.filter(({ number }) => number === proposal.number).length === 1;
  return offer.proposals
    .flatMap((proposal) => proposal.transforms.map((transform) => ({ proposal, transform })))
    .flatMap(({ proposal: wire, transform }, offered) => {
      if (wire.protocolId !== ProtocolId.esp || wire.spi.length !== 4 || !alone(wire)) return [];
      const proposal = readPhase2Transform(transform, encapsulationMode);
      if (proposal === undefined) return [];
      return [
        { proposal, offered, spi: readUint(wire.spi, 0, 4), wire: { ...wire, transforms: [transform] } },
      ];
    });
}

function readPhase2Transform(
  { transformId, attributes }: Transform,
  encapsulationMode: number,
): Phase2Proposal | undefined {
  const value = (type: number) => numberOf(attributes, type);
  if (value(IpsecAttribute.encapsulationMode) !== encapsulationMode) return undefined;
  if (value(IpsecAttribute.groupDescription) !== undefined) return undefined;
  const keyLength = value(IpsecAttribute.keyLength);
  const encryption = namesOf(encryptions).find(
    (name) => encryptions[name].transformId === transformId && encryptions[name].keyLength === keyLength,
  );
  const integrity = namesOf(integrities).find(
    (name) => integrities[name] === value(IpsecAttribute.authenticationAlgorithm),
  );
  if (encryption === undefined || integrity === undefined) return undefined;
  const kilobytes = lifetime(attributes, SaLifeType.kilobytes);
  return {
    encryption,
    integrity,
    lifetimeSeconds: lifetime(attributes, SaLifeType.seconds) ?? defaultLifetimeSeconds,
    ...(kilobytes === undefined ? {} : { lifetimeKilobytes: kilobytes }),
  };
}

/** A life duration belongs to the life type before it (RFC 2407 4.5). */
function lifetime(attributes: readonly Attribute[], wanted: number): number | undefined {
  let type: number | undefined;
  for (const attribute of attributes) {
    if (attribute.type === IpsecAttribute.saLifeType) type = attributeNumber(attribute);
    if (attribute.type === IpsecAttribute.saLifeDuration && type === wanted)
      return attributeNumber(attribute);
  }
  return undefined;
}

function withShorterLifetime(offered: Phase2Proposal, own: Phase2Proposal): Phase2Proposal {
  const kilobytes = Math.min(offered.lifetimeKilobytes ?? Infinity, own.lifetimeKilobytes ?? Infinity);
  return {
    encryption: offered.encryption,
    integrity: offered.integrity,
    lifetimeSeconds: Math.min(offered.lifetimeSeconds, own.lifetimeSeconds),
    ...(Number.isFinite(kilobytes) ? { lifetimeKilobytes: kilobytes } : {}),
  };
}

export function sameEsp(a: EspAlgorithms, b: EspAlgorithms): boolean {
  return a.encryption === b.encryption && a.integrity === b.integrity;
}
