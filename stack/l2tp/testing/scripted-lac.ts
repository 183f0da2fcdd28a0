import { attribute } from '../attribute.ts';
import type { ResultCode } from '../attribute-format.ts';
import type { Avp } from '../avp.ts';
import { startAvps } from '../avp-lists.ts';
import { decodePacket, encodeControlPacket } from '../header.ts';
import { type ControlMessage, decodeMessage, encodeMessage, type MessageName } from '../message.ts';
import { lacConfig, lacSeen, lnsConfig, Station } from './tunnel-pair.ts';

/** For tests: one control message as octets. */
export function control(
  name: MessageName,
  avps: readonly Avp[],
  header: { tunnelId: number; ns: number; nr: number; sessionId?: number },
): Uint8Array {
  return encodeControlPacket({ sessionId: 0, ...header, body: encodeMessage(name, avps) });
}

/** For tests: a control message that a station sent, the last one unless `index` says which. */
export function sentBy(station: Station, index = -1): ControlMessage & { readonly tunnelId: number } {
  const packet = decodePacket(station.sent.at(index) ?? new Uint8Array());
  if (!packet.ok || packet.value.type !== 'control') throw new Error('no control message was sent');
  const message = decodeMessage(packet.value.body);
  if (!message.ok) throw new Error(message.error.detail);
  return { ...message.value, tunnelId: packet.value.tunnelId };
}

/** For tests: what a station refused or ended with its last message. */
export function lastResult(station: Station): {
  name: MessageName | undefined;
  tunnelId: number;
  code: ResultCode | undefined;
} {
  const { name, tunnelId, avps } = sentBy(station);
  return { name, tunnelId, code: attribute.resultCode.in(avps) };
}

/** For tests: a LAC that is led by hand, whose tunnel is 13, and the LNS that it sends an SCCRQ. */
export class ScriptedLac {
  readonly lns: Station;

  constructor(avps: readonly Avp[] = startAvps(lacConfig, 13), config = lnsConfig, seed = '1') {
    this.lns = new Station(config, seed);
    this.give(control('SCCRQ', avps, { tunnelId: 0, ns: 0, nr: 0 }), 0);
  }

  /** The LNS's id for the tunnel, as its SCCRP said. */
  get tunnelId(): number {
    return attribute.assignedTunnelId.in(sentBy(this.lns, 0).avps) ?? 0;
  }

  /** The LNS's id for the session, as the ICRP that it sent last said. */
  get sessionId(): number {
    return attribute.assignedSessionId.in(sentBy(this.lns).avps) ?? 0;
  }

  give(message: Uint8Array, now = 10): void {
    this.lns.perform(this.lns.engine.receive({ peer: lacSeen, message }, now));
  }

  /** A message of the tunnel, which acknowledges the SCCRP unless `nr` says more. */
  say(name: MessageName, avps: readonly Avp[], ns: number, { sessionId = 0, nr = 1 } = {}): void {
    this.give(control(name, avps, { tunnelId: this.tunnelId, ns, nr, sessionId }));
  }
}
