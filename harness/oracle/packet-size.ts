import { chosen, encapsulates } from './derived.ts';
import type { CellFacts } from './facts.ts';

/* Whether packets that fill the tunnel come through, by their size on the wire. */

/** Octets of an IP packet on an Ethernet. */
const ownMtu = 1500;
const ipHeader = 20;
const udpHeader = 8;
/** SPI and sequence number; pad length and next header (RFC 4303 2). */
const espHeader = 8;
const espTrailer = 2;
/**
 * L2TP's data header, without what it may leave out (RFC 2661 3.1), and PPP's in full (RFC 1662 3.1). With what options
 * add or take away, up to 5 octets, padding comes to the same size for every MRU here.
 */
const l2tpAndPpp = 6 + 4;

interface Shape {
  readonly iv: number;
  readonly block: number;
}

/** RFC 2405, 2451, 3602 section 3, 4106 section 3, 2410; ESP itself fills up to 4 octets (RFC 4303 2.4). */
const ciphers: readonly (readonly [RegExp, Shape])[] = [
  [/^(3des|des)-/, { iv: 8, block: 8 }],
  [/^aes\d+gcm/, { iv: 8, block: 4 }],
  [/^aes\d+ctr/, { iv: 8, block: 4 }],
  [/^aes\d+-/, { iv: 16, block: 16 }],
  [/^null-/, { iv: 0, block: 4 }],
];

/** RFC 2403, 2404, 4868 section 2.6, 4106 section 6. */
const icvs: readonly (readonly [RegExp, number])[] = [
  [/gcm16$/, 16],
  [/-(md5|sha1|sha256-96)$/, 12],
  [/-sha256$/, 16],
  [/-sha384$/, 24],
  [/-sha512$/, 32],
];

/** Octets of the outer IP packet that carries an inner one; `undefined` for a transform that nothing is known of. */
export function outerOctets(inner: number, transform: string, isInUdp: boolean): number | undefined {
  const shape = ciphers.find(([pattern]) => pattern.test(transform))?.[1];
  const icv = icvs.find(([pattern]) => pattern.test(transform))?.[1];
  if (shape === undefined || icv === undefined) return undefined;
  const sealed = Math.ceil((udpHeader + l2tpAndPpp + inner + espTrailer) / shape.block) * shape.block;
  return ipHeader + (isInUdp ? udpHeader : 0) + espHeader + shape.iv + sealed + icv;
}

/**
 * Whether a TCP connection that fills the tunnel gets anywhere; `undefined` where something that decides it is not
 * known. Its segments are as large as the PPP link allows: nobody here lowers the MSS that it names. What is too large
 * for its sender's own wire, or for the way as far as it was told, that sender cuts, and nobody forbids to cut it again;
 * what is not it forbids to cut (RFC 1191).
 */
export function bulkPasses(facts: CellFacts): boolean | undefined {
  const { client, responder, placement } = facts;
  const transform = chosen(facts, 'phase2');
  if (client.mru === undefined || responder.mru === undefined || transform === undefined) return undefined;
  const inner = Math.min(client.mru, responder.mru);
  const octets = outerOctets(inner, transform, encapsulates(facts));
  if (octets === undefined) return undefined;
  const { mtu, tooBig } = placement.narrowest ?? { mtu: ownMtu, tooBig: 'told' };
  if (octets <= mtu) return true;
  const isCut = octets > ownMtu || tooBig === 'told';
  return isCut && placement.dropsFragments !== true;
}

/**
 * A message 1 that offers so many transforms is more than an Ethernet carries: headers of ISAKMP, SA and proposal, and
 * of each transform its header and six attributes at the least (RFC 2408 3.4 to 3.6, RFC 2409 appendix A).
 */
export function offerIsOversized(transforms: readonly string[]): boolean {
  return ipHeader + udpHeader + 28 + 12 + 8 + transforms.length * (8 + 6 * 4) > ownMtu;
}

/** An IKE message that no Ethernet carries whole comes through: cut by IP, or by IKE itself where both ends know how. */
export function oversizedIkePasses({ placement, client, responder }: CellFacts): boolean {
  const cutByIke = client.fragmentsIke === true && responder.fragmentsIke === true;
  return placement.dropsFragments !== true || cutByIke;
}
