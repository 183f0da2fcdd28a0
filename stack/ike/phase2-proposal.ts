import { goTogether } from '../esp/algorithms.ts';
import type { Attribute } from '../isakmp/attribute.ts';
import {
  AuthenticationAlgorithm,
  EspTransform,
  IpsecAttribute,
  ProtocolId,
  SaLifeType,
  sequenceNumbersOf64Bits,
} from '../isakmp/ipsec-doi.ts';
import type { Proposal, SecurityAssociation, Transform } from '../isakmp/security-association.ts';
import { readUint, uint32 } from '../octets.ts';
import type { EspAlgorithms, EspEncryption, EspIntegrity, EspMode } from '../sa.ts';
import type { Group, IkeResponderConfig, Phase2Proposal, TransformStyle } from './config.ts';
import { knownGroup } from './diffie-hellman.ts';
import { passedOver } from './downgrade.ts';
import { limitsIn, phase2Life, shorter } from './limits.ts';
import {
  contradict,
  defaultLifetimeSeconds,
  firstCommon,
  keyLengthAttribute,
  namesOf,
  numberOf,
} from './proposal.ts';
import { inOrder, lifetimeAttributes, windowsStyle } from './transform-style.ts';

const encryptions: Readonly<
  Record<EspEncryption, { readonly transformId: number; readonly keyLength?: number }>
> = {
  null: { transformId: EspTransform.null },
  'des-cbc': { transformId: EspTransform.des },
  '3des-cbc': { transformId: EspTransform.tripleDes },
  'aes-cbc-128': { transformId: EspTransform.aesCbc, keyLength: 128 },
  'aes-cbc-192': { transformId: EspTransform.aesCbc, keyLength: 192 },
  'aes-cbc-256': { transformId: EspTransform.aesCbc, keyLength: 256 },
  'aes-ctr-128': { transformId: EspTransform.aesCtr, keyLength: 128 },
  'aes-ctr-192': { transformId: EspTransform.aesCtr, keyLength: 192 },
  'aes-ctr-256': { transformId: EspTransform.aesCtr, keyLength: 256 },
  'aes-gcm-16-128': { transformId: EspTransform.aesGcm16, keyLength: 128 },
  'aes-gcm-16-192': { transformId: EspTransform.aesGcm16, keyLength: 192 },
  'aes-gcm-16-256': { transformId: EspTransform.aesGcm16, keyLength: 256 },
};

/** A combined cipher names none (RFC 4106 8.3); the two of SHA2-256 look the same to a peer (see `EspIntegrity`). */
const integrities: Readonly<Record<EspIntegrity, number | undefined>> = {
  none: undefined,
  'hmac-md5-96': AuthenticationAlgorithm.hmacMd5,
  'hmac-sha1-96': AuthenticationAlgorithm.hmacSha1,
  'hmac-sha2-256-128': AuthenticationAlgorithm.hmacSha2With256,
  'hmac-sha2-256-96': AuthenticationAlgorithm.hmacSha2With256,
  'hmac-sha2-384-192': AuthenticationAlgorithm.hmacSha2With384,
  'hmac-sha2-512-256': AuthenticationAlgorithm.hmacSha2With512,
};

/** The Encapsulation Mode of each mode: plain, or UDP-encapsulated under the numbers of a revision. */
export interface EncapsulationModes extends Readonly<Record<EspMode, number>> {
  /** Numbers that say the same where they come, and are not written. */
  readonly alsoRead?: Readonly<Record<EspMode, number>>;
}

/**
 * All proposals under one SPI, each as a proposal of one transform or all as the transforms of one, as `style`
 * says.
 * @param group of the PFS exchange, the same in every transform (RFC 2407 4.5); `undefined` without PFS
 */
export function phase2Offer(
  proposals: readonly Phase2Proposal[],
  spi: number,
  modes: EncapsulationModes,
  group?: Group,
  style: TransformStyle = windowsStyle,
): SecurityAssociation {
  const transforms = proposals.map((proposal) => ({
    transformId: encryptions[proposal.encryption].transformId,
    attributes: phase2Attributes(proposal, modes, group, style),
  }));
  const numbered = (each: Omit<Transform, 'number'>, index: number) => ({
    number: style.firstTransform + index,
    ...each,
  });
  const proposal = (number: number, of: readonly Transform[]): Proposal => ({
    number,
    protocolId: ProtocolId.esp,
    spi: uint32(spi),
    transforms: of,
  });
  return {
    proposals:
      style.phase2Offer === 'transforms'
        ? [proposal(1, transforms.map(numbered))]
        : transforms.map((transform, index) => proposal(index + 1, [numbered(transform, 0)])),
  };
}

function phase2Attributes(
  proposal: Phase2Proposal,
  modes: EncapsulationModes,
  group: Group | undefined,
  style: TransformStyle,
): Attribute[] {
  const { lifetimeSeconds, lifetimeKilobytes, extendedSequenceNumbers, mode = 'transport' } = proposal;
  const basic = (type: number, value: number | undefined): Attribute[] =>
    value === undefined ? [] : [{ form: 'TV', type, value }];
  const lifetimeOf = (type: number, duration: number | undefined) =>
    duration === undefined ? [] : lifetimeAttributes(style.lifetimeForm, lifeTypes, type, duration);
  return inOrder(style.phase2Attributes, {
    lifetime: [
      ...lifetimeOf(SaLifeType.seconds, lifetimeSeconds),
      ...lifetimeOf(SaLifeType.kilobytes, lifetimeKilobytes),
    ],
    encapsulation: basic(IpsecAttribute.encapsulationMode, modes[mode]),
    integrity: basic(IpsecAttribute.authenticationAlgorithm, integrities[proposal.integrity]),
    'key-length': keyLengthAttribute(IpsecAttribute.keyLength, encryptions[proposal.encryption].keyLength),
    group: basic(IpsecAttribute.groupDescription, group),
    'sequence-numbers': basic(
      IpsecAttribute.extendedSequenceNumbers,
      extendedSequenceNumbers && sequenceNumbersOf64Bits,
    ),
  });
}

const lifeTypes = { lifeType: IpsecAttribute.saLifeType, lifeDuration: IpsecAttribute.saLifeDuration };

/** An ESP transform that this stack understands, where it stood, and who is to receive under which SPI. */
export interface OfferedPhase2 {
  readonly proposal: Phase2Proposal;
  /** The group of PFS that it asks for; `undefined` for none. */
  readonly group: Group | undefined;
  /** Counted from 0 over all transforms of all proposals, in wire order. */
  readonly offered: number;
  readonly spi: number;
  readonly wire: Proposal;
}

export interface ChosenPhase2 extends OfferedPhase2 {
  /** A stronger common proposal that the order left behind. */
  readonly stronger?: EspAlgorithms;
}

/**
 * The first common proposal in the initiator's or the responder's order; `undefined` for none.
 * @param takes whether a transform that asks for PFS with this group, or for none, may be chosen
 */
export function choosePhase2(
  offer: SecurityAssociation,
  own: readonly Phase2Proposal[],
  choice: IkeResponderConfig['choice'],
  modes: EncapsulationModes,
  takes: (group: Group | undefined) => boolean = (group) => group === undefined,
): ChosenPhase2 | undefined {
  const offered = readPhase2Offer(offer, modes).filter(({ group }) => takes(group));
  const best = firstCommon(offered, own, choice, ({ proposal }, mine) => sameEsp(proposal, mine));
  if (best === undefined) return undefined;
  const { proposal } = best.offered;
  const common = offered
    .map((each) => each.proposal)
    .filter((each) => own.some((mine) => sameEsp(mine, each)));
  const stronger = passedOver(proposal, common);
  return {
    ...best.offered,
    proposal: { ...espOf(best.own), ...shorter(proposal, best.own) },
    ...(stronger && { stronger }),
  };
}

/** The responder's answer: the chosen transform, its attributes untouched, under the responder's own SPI. */
export function phase2Answer(chosen: OfferedPhase2, spi: number): SecurityAssociation {
  return { proposals: [{ ...chosen.wire, spi: uint32(spi) }] };
}

/**
 * The transforms of an offer that this stack can play: ESP alone (proposals that share a number go
 * together, RFC 2408 4.2, so ESP beside AH is not ESP), an expected encapsulation, a PFS group that is
 * known or none.
 */
export function readPhase2Offer(
  offer: SecurityAssociation,
  modes: EncapsulationModes,
): readonly OfferedPhase2[] {
  const alone = (proposal: Proposal) =>
    offer.proposals.filter(({ number }) => number === proposal.number).length === 1;
  return offer.proposals
    .flatMap((proposal) => proposal.transforms.map((transform) => ({ proposal, transform })))
    .flatMap(({ proposal: wire, transform }, offered) => {
      if (wire.protocolId !== ProtocolId.esp || wire.spi.length !== 4 || !alone(wire)) return [];
      const proposal = readPhase2Transform(transform, modes);
      const named = numberOf(transform.attributes, IpsecAttribute.groupDescription);
      const group = knownGroup(named);
      if (proposal === undefined || (named !== undefined && group === undefined)) return [];
      const spi = readUint(wire.spi, 0, 4);
      // Under SPI 0 an ESP packet on port 4500 would be taken for IKE (RFC 3948 2.1).
      if (spi === 0) return [];
      return [{ proposal, group, offered, spi, wire: { ...wire, transforms: [transform] } }];
    });
}

function readPhase2Transform(
  { transformId, attributes }: Transform,
  modes: EncapsulationModes,
): Phase2Proposal | undefined {
  const value = (type: number) => numberOf(attributes, type);
  const mode = modeNumbered(value(IpsecAttribute.encapsulationMode), modes);
  const sequenceNumbers = value(IpsecAttribute.extendedSequenceNumbers);
  if (mode === undefined || contradict(attributes, lifeTypes)) return undefined;
  // RFC 4304 3: any other value and nothing may be set up.
  if (sequenceNumbers !== undefined && sequenceNumbers !== sequenceNumbersOf64Bits) return undefined;
  const keyLength = value(IpsecAttribute.keyLength);
  const encryption = namesOf(encryptions).find(
    (name) => encryptions[name].transformId === transformId && encryptions[name].keyLength === keyLength,
  );
  const integrity = namesOf(integrities).find(
    (name) => integrities[name] === value(IpsecAttribute.authenticationAlgorithm),
  );
  if (encryption === undefined || integrity === undefined) return undefined;
  if (!goTogether({ encryption, integrity })) return undefined;
  return {
    encryption,
    integrity,
    ...(sequenceNumbers === undefined ? {} : { extendedSequenceNumbers: true }),
    ...(mode === 'tunnel' ? { mode } : {}),
    lifetimeSeconds: defaultLifetimeSeconds,
    ...limitsIn(attributes, phase2Life),
  };
}

function modeNumbered(number: number | undefined, modes: EncapsulationModes): EspMode | undefined {
  const isIt = (mode: EspMode) => [modes[mode], modes.alsoRead?.[mode]].includes(number);
  return number === undefined ? undefined : (['transport', 'tunnel'] as const).find(isIt);
}

/** Whether both look the same in a transform: of HMAC-SHA2-256 nobody can tell there how it is cut (`EspIntegrity`). */
export function sameEsp(a: EspAlgorithms & EspKind, b: EspAlgorithms & EspKind): boolean {
  return (
    a.encryption === b.encryption &&
    integrities[a.integrity] === integrities[b.integrity] &&
    a.extendedSequenceNumbers === b.extendedSequenceNumbers &&
    a.mode === b.mode
  );
}

type EspKind = Pick<Phase2Proposal, 'mode'>;

/** The algorithms of a proposal, without its mode and lifetimes. */
export function algorithmsOf({
  encryption,
  integrity,
  extendedSequenceNumbers,
}: EspAlgorithms): EspAlgorithms {
  return { encryption, integrity, ...(extendedSequenceNumbers && { extendedSequenceNumbers }) };
}

function espOf(proposal: Phase2Proposal): EspAlgorithms & EspKind {
  return { ...algorithmsOf(proposal), ...(proposal.mode && { mode: proposal.mode }) };
}
