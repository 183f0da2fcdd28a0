import type { CbcCipher } from '../cbc.ts';
import type { Attribute } from '../isakmp/attribute.ts';
import { ProtocolId } from '../isakmp/ipsec-doi.ts';
import {
  keyIke,
  OakleyAttribute,
  OakleyAuthentication,
  OakleyEncryption,
  OakleyHash,
  OakleyLifeType,
} from '../isakmp/oakley.ts';
import type { SecurityAssociation, Transform } from '../isakmp/security-association.ts';
import type { IkeResponderConfig, Phase1Transform, TransformStyle } from './config.ts';
import { knownGroup } from './diffie-hellman.ts';
import { passedOverInPhase1 } from './downgrade.ts';
import { limitsIn, phase1Life, shorter } from './limits.ts';
import {
  contradict,
  defaultLifetimeSeconds,
  firstCommon,
  keyLengthAttribute,
  namesOf,
  numberOf,
} from './proposal.ts';
import { inOrder, lifetimeAttributes, windowsStyle } from './transform-style.ts';

const encryptions: Readonly<Record<CbcCipher, { readonly algorithm: number; readonly keyLength?: number }>> =
  {
    'des-cbc': { algorithm: OakleyEncryption.desCbc },
    '3des-cbc': { algorithm: OakleyEncryption.tripleDesCbc },
    'aes-cbc-128': { algorithm: OakleyEncryption.aesCbc, keyLength: 128 },
    'aes-cbc-192': { algorithm: OakleyEncryption.aesCbc, keyLength: 192 },
    'aes-cbc-256': { algorithm: OakleyEncryption.aesCbc, keyLength: 256 },
  };

const hashes: Readonly<Record<Phase1Transform['hash'], number>> = {
  md5: OakleyHash.md5,
  sha1: OakleyHash.sha1,
  'sha2-256': OakleyHash.sha2With256,
  'sha2-384': OakleyHash.sha2With384,
  'sha2-512': OakleyHash.sha2With512,
};

/** One proposal with a transform for each, written as `style` says. */
export function phase1Offer(
  transforms: readonly Phase1Transform[],
  style: TransformStyle = windowsStyle,
): SecurityAssociation {
  return {
    proposals: [
      {
        number: 1,
        protocolId: ProtocolId.isakmp,
        spi: new Uint8Array(),
        transforms: transforms.map((transform, index) => ({
          number: index + style.firstTransform,
          transformId: keyIke,
          attributes: phase1Attributes(transform, style),
        })),
      },
    ],
  };
}

function phase1Attributes(transform: Phase1Transform, style: TransformStyle): Attribute[] {
  const { algorithm, keyLength } = encryptions[transform.encryption];
  const basic = (type: number, value: number): Attribute[] => [{ form: 'TV', type, value }];
  const lifetimeOf = (type: number, duration: number | undefined) =>
    duration === undefined ? [] : lifetimeAttributes(style.lifetimeForm, phase1Life, type, duration);
  return inOrder(style.phase1Attributes, {
    encryption: basic(OakleyAttribute.encryptionAlgorithm, algorithm),
    'key-length': keyLengthAttribute(OakleyAttribute.keyLength, keyLength),
    hash: basic(OakleyAttribute.hashAlgorithm, hashes[transform.hash]),
    group: basic(OakleyAttribute.groupDescription, transform.group),
    authentication: basic(OakleyAttribute.authenticationMethod, OakleyAuthentication.preSharedKey),
    lifetime: [
      ...lifetimeOf(OakleyLifeType.seconds, transform.lifetimeSeconds),
      ...lifetimeOf(OakleyLifeType.kilobytes, transform.lifetimeKilobytes),
    ],
  });
}

export interface ChosenPhase1 {
  readonly transform: Phase1Transform;
  /** Counted from 0 in the initiator's list. */
  readonly offered: number;
  /** What the responder answers: the one transform, its attributes untouched (RFC 2408 4.2). */
  readonly answer: SecurityAssociation;
  /** A common transform with a stronger cipher that the order left behind. */
  readonly stronger?: Phase1Transform;
}

/** The first common transform in the initiator's or the responder's order; `undefined` for none. */
export function choosePhase1(
  offer: SecurityAssociation,
  own: readonly Phase1Transform[],
  choice: IkeResponderConfig['choice'],
): ChosenPhase1 | undefined {
  const same = ({ transform }: ChosenPhase1, mine: Phase1Transform) => samePhase1(transform, mine);
  const offered = readPhase1Offer(offer);
  const best = firstCommon(offered, own, choice, same);
  if (best === undefined) return undefined;
  const { transform } = best.offered;
  const common = offered.filter((theirs) => own.some((mine) => same(theirs, mine)));
  const stronger = passedOverInPhase1(
    transform,
    common.map((each) => each.transform),
  );
  return {
    ...best.offered,
    transform: { ...transform, ...shorter(transform, best.own) },
    ...(stronger && { stronger }),
  };
}

/** Every transform of an offer that this stack understands, with its place in the whole list. */
export function readPhase1Offer(offer: SecurityAssociation): readonly ChosenPhase1[] {
  return offer.proposals
    .flatMap((proposal) => proposal.transforms.map((transform) => ({ proposal, transform })))
    .flatMap(({ proposal, transform: wire }, offered) => {
      const transform = proposal.protocolId === ProtocolId.isakmp ? readPhase1Transform(wire) : undefined;
      if (transform === undefined) return [];
      return [{ transform, offered, answer: { proposals: [{ ...proposal, transforms: [wire] }] } }];
    });
}

/** `undefined` for anything this stack does not speak; attributes it does not know are ignored ([MS-IKEE] 3.1.5). */
function readPhase1Transform({ transformId, attributes }: Transform): Phase1Transform | undefined {
  if (transformId !== keyIke || contradict(attributes, OakleyAttribute)) return undefined;
  const value = (type: number) => numberOf(attributes, type);
  if (value(OakleyAttribute.authenticationMethod) !== OakleyAuthentication.preSharedKey) return undefined;
  const algorithm = value(OakleyAttribute.encryptionAlgorithm);
  const keyLength = value(OakleyAttribute.keyLength);
  const encryption = namesOf(encryptions).find(
    (name) => encryptions[name].algorithm === algorithm && encryptions[name].keyLength === keyLength,
  );
  const hash = namesOf(hashes).find((name) => hashes[name] === value(OakleyAttribute.hashAlgorithm));
  const group = knownGroup(value(OakleyAttribute.groupDescription));
  if (encryption === undefined || hash === undefined || group === undefined) return undefined;
  const limits = limitsIn(attributes, phase1Life);
  return { encryption, hash, group, lifetimeSeconds: defaultLifetimeSeconds, ...limits };
}

/** Which of the transforms that this end offered an answer has chosen; `undefined` where it is not one of them, or several. */
export function acceptedPhase1(
  offered: readonly Phase1Transform[],
  answer: SecurityAssociation,
): { readonly transform: Phase1Transform; readonly offered: number } | undefined {
  const [chosen, ...more] = readPhase1Offer(answer);
  const place = offered.findIndex((mine) => chosen && samePhase1(mine, chosen.transform));
  const transform = offered[place];
  return transform === undefined || more.length > 0 ? undefined : { transform, offered: place };
}

/** Lifetimes do not decide: the shorter is used (rule PROP-7). */
export function samePhase1(a: Phase1Transform, b: Phase1Transform): boolean {
  return a.encryption === b.encryption && a.hash === b.hash && a.group === b.group;
}
