import { expect, test } from 'vitest';
import { readUint } from '../octets.ts';
import { perfect } from '../testing/simulation.ts';
import { attribute } from './attribute.ts';
import type { Avp } from './avp.ts';
import type { L2tpConfig } from './config.ts';
import { type ControlPacket, decodePacket, encodeDataPacket } from './header.ts';
import { decodeMessage, type MessageName } from './message.ts';
import { ScriptedLac } from './testing/scripted-lac.ts';
import { connect, pairOf, type Station, sessionOf } from './testing/tunnel-pair.ts';

interface Sent {
  readonly name: MessageName;
  readonly packet: ControlPacket;
  readonly avps: readonly Avp[];
}

/** Every control message but ZLBs that a station sent. */
function sentBy(station: Station): Sent[] {
  return station.sent.flatMap((bytes) => {
    const packet = decodePacket(bytes);
    if (!packet.ok || packet.value.type !== 'control' || packet.value.body.length === 0) return [];
    const message = decodeMessage(packet.value.body);
    if (!message.ok || message.value.name === undefined) throw new Error('what was sent does not decode');
    return [{ name: message.value.name, packet: packet.value, avps: message.value.avps }];
  });
}

/** Both ends of a connection that says HELLO, carries data both ways, and is cleared by its client. */
function wholeConnection(config: Partial<L2tpConfig> = {}) {
  const pair = pairOf(1, perfect, { lac: config, lns: { helloSeconds: 30, ...config } });
  connect(pair);
  for (const station of [pair.lac, pair.lns]) {
    station.perform(station.engine.sendPpp(sessionOf(station), Uint8Array.of(0xff, 0x03)));
  }
  pair.simulation.runTo(40_000);
  pair.lac.perform(pair.lac.engine.close(pair.simulation.now));
  pair.simulation.runTo(41_000);
  return pair;
}

// RFC 2661 4.4 as its headings and texts have it: number, M bit, and whether the H bit may be set.
const table: readonly (readonly [keyof typeof attribute, number, boolean, boolean])[] = [
  ['messageType', 0, true, false],
  ['resultCode', 1, true, false],
  ['protocolVersion', 2, true, false],
  ['framingCapabilities', 3, true, true],
  ['bearerCapabilities', 4, true, true],
  ['tieBreaker', 5, false, false],
  ['firmwareRevision', 6, false, true],
  ['hostName', 7, true, false],
  ['vendorName', 8, false, true],
  ['assignedTunnelId', 9, true, true],
  ['receiveWindowSize', 10, true, false],
  ['challenge', 11, true, true],
  ['q931CauseCode', 12, true, false],
  ['challengeResponse', 13, true, true],
  ['assignedSessionId', 14, true, true],
  ['callSerialNumber', 15, true, true],
  ['minimumBps', 16, true, true],
  ['maximumBps', 17, true, true],
  ['bearerType', 18, true, true],
  ['framingType', 19, true, true],
  ['calledNumber', 21, true, true],
  ['callingNumber', 22, true, true],
  ['subAddress', 23, true, true],
  ['txConnectSpeed', 24, true, true],
  ['physicalChannelId', 25, false, true],
  ['initialReceivedLcpConfReq', 26, false, true],
  ['lastSentLcpConfReq', 27, false, true],
  ['lastReceivedLcpConfReq', 28, false, true],
  ['proxyAuthenType', 29, false, true],
  ['proxyAuthenName', 30, false, true],
  ['proxyAuthenChallenge', 31, false, true],
  ['proxyAuthenId', 32, false, true],
  ['proxyAuthenResponse', 33, false, true],
  ['callErrors', 34, true, true],
  ['accm', 35, true, true],
  ['randomVector', 36, true, false],
  ['privateGroupId', 37, false, true],
  ['rxConnectSpeed', 38, false, true],
  ['sequencingRequired', 39, true, false],
];

test('every attribute of RFC 2661 4.4 has its number, its M bit and its leave to be hidden', () => {
  expect(table.map(([name]) => name).sort()).toEqual(Object.keys(attribute).sort());
  for (const [name, type, mandatory, hideable] of table) {
    expect(attribute[name], name).toMatchObject({ type, mandatory, hideable });
  }
});

const byType = new Map(table.map((row) => [row[1], row]));

test('what is sent has the M bits of RFC 2661 4.4, and no reserved bit in headers and AVPs', () => {
  const { lac, lns } = wholeConnection();
  for (const station of [lac, lns]) {
    for (const bytes of station.sent) {
      const flags = readUint(bytes, 0, 2);
      // T, L and S of control messages, L of data; Ver 2; nothing else (RFC 2661 3.1).
      expect([0xc802, 0x4002]).toContain(flags);
      expect(readUint(bytes, 2, 2)).toBe(bytes.length);
    }
    for (const { name, avps } of sentBy(station)) {
      for (const avp of avps) {
        expect(avp, name).toMatchObject({
          reserved: false,
          hidden: false,
          mandatory: byType.get(avp.type)?.[2],
        });
      }
    }
  }
});

// RFC 2661 6.1 to 6.12: the attributes that must be present, Message Type apart.
const demanded: Partial<Record<MessageName, readonly number[]>> = {
  SCCRQ: [2, 7, 3, 9],
  SCCRP: [2, 3, 7, 9],
  SCCCN: [],
  StopCCN: [9, 1],
  HELLO: [],
  ICRQ: [14, 15],
  ICRP: [14],
  ICCN: [24, 19],
  CDN: [1, 14],
};

test('every message that is sent has the attributes that RFC 2661 6 demands of it', () => {
  const { lac, lns } = wholeConnection();
  const sent = [...sentBy(lac), ...sentBy(lns)];
  expect([...new Set(sent.map(({ name }) => name))].sort()).toEqual(Object.keys(demanded).sort());
  for (const { name, avps } of sent) {
    const types = avps.map(({ type }) => type);
    for (const type of demanded[name] ?? []) expect(types, name).toContain(type);
  }
});

test('ids are 0 in headers until the peer has told its own, and never 0 themselves (RFC 2661 5.3)', () => {
  const { lac, lns } = wholeConnection();
  const [toLns, toLac] = [sentBy(lac), sentBy(lns)];
  const assigned = (sent: readonly Sent[], row: 'assignedTunnelId' | 'assignedSessionId') => {
    const ids = sent.flatMap(({ avps }) => attribute[row].in(avps) ?? []);
    // StopCCN and CDN name the id that was told first (RFC 2661 4.4.3, 4.4.4).
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toBeGreaterThan(0);
    return ids[0];
  };
  const aboutSession: readonly MessageName[] = ['ICRP', 'ICCN', 'CDN'];
  for (const [sent, peers] of [
    [toLns, toLac],
    [toLac, toLns],
  ] as const) {
    for (const { name, packet } of sent) {
      expect(packet.tunnelId, name).toBe(name === 'SCCRQ' ? 0 : assigned(peers, 'assignedTunnelId'));
      const inSession = aboutSession.includes(name);
      expect(packet.sessionId, name).toBe(inSession ? assigned(peers, 'assignedSessionId') : 0);
    }
  }
});

test('no data goes or comes before its session is established (RFC 2661 5.0)', () => {
  const lac = new ScriptedLac();
  lac.say('SCCCN', [], 1);
  lac.say('ICRQ', [attribute.assignedSessionId.avp(7), attribute.callSerialNumber.avp(1)], 2);
  const { tunnelId, sessionId, lns } = lac;
  const frame = Uint8Array.of(0xff, 0x03);
  const data = encodeDataPacket({ tunnelId, sessionId, priority: false, body: frame });
  const exchange = () => {
    lac.give(data);
    return [lns.frames.length, lns.engine.sendPpp({ tunnelId, sessionId }, frame).length];
  };
  expect(exchange()).toEqual([0, 0]);
  lac.say('ICCN', [], 3, { sessionId, nr: 2 });
  expect(exchange()).toEqual([1, 1]);
});

test('texts are UTF-8 (RFC 2661 4.4.2, 4.4.3)', () => {
  const { lac } = wholeConnection({ vendorName: 'Zürich', hostName: 'münchen' });
  const [request] = sentBy(lac);
  expect(attribute.vendorName.in(request?.avps ?? [])).toBe('Zürich');
  expect(Buffer.from(lac.sent[0] ?? []).includes(Buffer.from('5ac3bc72696368', 'hex'))).toBe(true);
});
