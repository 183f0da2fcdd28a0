import { decoded } from '../../decode.ts';
import { attribute } from '../../l2tp/attribute.ts';
import { type Avp, decodeAvps, encodeAvps } from '../../l2tp/avp.ts';
import {
  decodePacket as decodeL2tp,
  encodeControlPacket,
  encodeDataPacket,
  hasFurtherBits,
  type L2tpPacket,
} from '../../l2tp/header.ts';
import { hideValue, revealValue } from '../../l2tp/hiding.ts';
import { isLcpEcho } from '../../l2tp/lcp-echo.ts';
import { decodeMessage } from '../../l2tp/message.ts';
import { endedFact } from '../../l2tp/result-code.ts';
import { equalOctets, hex, utf8 } from '../../octets.ts';
import { authenticationOf, authenticationText } from '../../ppp/authentication.ts';
import {
  decodeChapValue,
  decodeMsChapV2Response,
  encodeChapValue,
  encodeMsChapV2Response,
} from '../../ppp/chap-packet.ts';
import { decodeFrame, encodeFrame, PppProtocol } from '../../ppp/frame.ts';
import { verdictOn } from '../../ppp/lcp-verdict.ts';
import { terminateReason } from '../../ppp/maintenance.ts';
import { decodeMsChapFailure, encodeMsChapFailure } from '../../ppp/ms-chap-failure.ts';
import { decodeMsChapV1Response, encodeMsChapV1Response } from '../../ppp/ms-chap-v1.ts';
import { decodeOptions, encodeOptions } from '../../ppp/option.ts';
import { decodePacket, encodePacket } from '../../ppp/packet.ts';
import { decodePapRequest, encodePapRequest } from '../../ppp/pap.ts';
import { printable } from '../../ppp/printable.ts';
import { codec, roundTrip } from './codec.ts';
import { innerDatagrams } from './packet-codecs.ts';
import { FaultFound, type Target } from './target.ts';
import { sameValue } from './value.ts';

const secret = 'secret';

function packets(): L2tpPacket[] {
  return innerDatagrams().flatMap((octets) => {
    const packet = decodeL2tp(octets.subarray(8));
    return packet.ok ? [packet.value] : [];
  });
}

const bodies = () =>
  packets().flatMap(({ type, body }) => (type === 'control' && body.length > 0 ? [body] : []));
const frames = () => packets().flatMap(({ type, body }) => (type === 'data' ? [body] : []));

/** PPP packets of these protocols. */
function packetsOf(...protocols: readonly number[]): Uint8Array[] {
  return frames().flatMap((octets) => {
    const frame = decodeFrame(octets);
    return frame.ok && protocols.includes(frame.value.protocol) ? [frame.value.information] : [];
  });
}

const dataOf = (protocol: number) => packetsOf(protocol).map((packet) => packet.subarray(4));

export const tunnelCodecs: readonly Target[] = [
  roundTrip(
    'l2tp-packet',
    'headers of control and data messages',
    () => innerDatagrams().map((octets) => octets.subarray(8)),
    (input) => {
      hasFurtherBits(input);
      return decodeL2tp(input);
    },
    (packet) => (packet.type === 'control' ? encodeControlPacket(packet) : encodeDataPacket(packet)),
  ),
  roundTrip(
    'l2tp-avps',
    'AVPs as they travel',
    bodies,
    decodeAvps,
    encodeAvps,
    // Reserved bits are read and never written.
    (avps: readonly Avp[]) => avps.map((avp) => ({ ...avp, reserved: false })),
  ),
  codec('l2tp-message', 'control messages, every attribute of them, hidden ones too', bodies, (input) => {
    for (const each of [secret, undefined]) {
      const message = decodeMessage(input, each);
      if (!message.ok) return message.error;
      const { avps } = message.value;
      for (const row of Object.values(attribute)) requireRoundTrip(row, avps);
      endedFact('received', 'CDN', attribute.resultCode.in(avps));
    }
    return undefined;
  }),
  codec('l2tp-hiding', 'values of hidden AVPs', bodies, (input) => {
    const vector = input.subarray(0, 16);
    const shown = revealValue(11, secret, vector, input.subarray(16));
    if (shown !== undefined && shown.length > input.length)
      throw new FaultFound('grows', 'more than was hidden');
    const again = revealValue(11, secret, vector, hideValue(11, secret, vector, input, vector));
    if (again === undefined || !equalOctets(again, input))
      throw new FaultFound('wrong', 'hidden and not found again');
    return shown;
  }),
  roundTrip(
    'ppp-frame',
    'PPP frames, compressed headers too',
    frames,
    (input) => {
      isLcpEcho(input);
      return decodeFrame(input);
    },
    ({ protocol, information }) => encodeFrame(protocol, information),
  ),
  roundTrip(
    'ppp-packet',
    'packets of LCP, CHAP, IPCP, IPV6CP and CCP',
    () =>
      packetsOf(
        PppProtocol.lcp,
        PppProtocol.chap,
        PppProtocol.ipcp,
        PppProtocol.ipv6cp,
        PppProtocol.ccp,
        PppProtocol.pap,
      ),
    decodePacket,
    encodePacket,
  ),
  roundTrip(
    'ppp-options',
    'configuration options, and what LCP says to each',
    () => [PppProtocol.lcp, PppProtocol.ipcp, PppProtocol.ipv6cp, PppProtocol.ccp].flatMap(dataOf),
    (input) => {
      const options = decodeOptions(input);
      if (!options.ok) return options;
      for (const option of options.value) {
        verdictOn(option, () => new Uint8Array(4));
        authenticationText(option);
        authenticationOf(option);
      }
      return options;
    },
    encodeOptions,
  ),
  roundTrip(
    'ppp-chap',
    'CHAP challenges and responses',
    () => dataOf(PppProtocol.chap),
    decodeChapValue,
    encodeChapValue,
  ),
  codec(
    'ppp-ms-chap',
    'what MS-CHAP puts into CHAP',
    () => dataOf(PppProtocol.chap).map((data) => data.subarray(1, 50)),
    (input) => {
      const second = decodeMsChapV2Response(input);
      if (second.ok && !sameValue(second, decodeMsChapV2Response(encodeMsChapV2Response(second.value)))) {
        throw new FaultFound('wrong', 'an MS-CHAPv2 response reads as something else');
      }
      const first = decodeMsChapV1Response(input);
      const again = first.ok ? decodeMsChapV1Response(encodeMsChapV1Response(first.value.ntResponse)) : first;
      // The flag beside it is written as 1 alone.
      if (first.ok && !(again.ok && sameValue(first.value.ntResponse, again.value.ntResponse))) {
        throw new FaultFound('wrong', 'an MS-CHAPv1 response reads as something else');
      }
      return [first, second];
    },
  ),
  codec(
    'ppp-ms-chap-failure',
    'the text of an MS-CHAP Failure',
    () => ['E=691 R=1 C=00112233445566778899AABBCCDDEEFF V=3 M=Access denied', 'E=648 R=0 C= V=0'].map(utf8),
    (input) => {
      const failure = decodeMsChapFailure(printable(input));
      if (failure === undefined) return undefined;
      if (!sameValue(failure, decodeMsChapFailure(encodeMsChapFailure(failure)))) {
        throw new FaultFound('wrong', `a Failure reads as something else: ${hex(input)}`);
      }
      return failure;
    },
  ),
  roundTrip(
    'ppp-pap',
    'PAP requests',
    () => dataOf(PppProtocol.pap),
    (input) => {
      const request = decodePapRequest(input);
      // Octets that are no UTF-8 become three each, and no longer fit their length.
      return request.ok && utf8(request.value.peerId + request.value.password).length > 250
        ? decoded({ peerId: '', password: '' })
        : request;
    },
    encodePapRequest,
  ),
  codec(
    'ppp-texts',
    'texts of peers in facts',
    () => dataOf(PppProtocol.lcp),
    (input) => [terminateReason(input), printable(input)],
  ),
];

type Row = (typeof attribute)[keyof typeof attribute];

/** What an attribute was read as is written so that the same is read. */
function requireRoundTrip(row: Row, avps: readonly Avp[]): void {
  const value = row.in(avps);
  if (value === undefined) return;
  // The value is of this row: it was read by it.
  const written = (row.avp as (value: unknown) => Avp)(value);
  if (!sameValue(row.in([written]), value))
    throw new FaultFound('wrong', `${row.name} reads as something else`);
}
