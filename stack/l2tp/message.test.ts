import { expect, test } from 'vitest';
import { attribute } from './attribute.ts';
import { type Avp, encodeAvps } from './avp.ts';
import { callRequestAvps, startAvps, stopAvps } from './avp-lists.ts';
import type { L2tpConfig } from './config.ts';
import { encodeControlPacket } from './header.ts';
import { hideValue } from './hiding.ts';
import { decodeMessage, encodeMessage } from './message.ts';

/** The Vista SP1 client of the MS-L2TPIE section 4 example. */
const vista: L2tpConfig = {
  role: 'lac',
  hostName: 'testclient.contoso.com',
  vendorName: 'Microsoft',
  firmwareRevision: 0x0600,
  framingCapabilities: 1,
  bearerCapabilities: 0,
  receiveWindowSize: 8,
  helloSeconds: 40,
  retransmission: { firstGapMs: 1000, backoff: 2, maximumGapMs: 8000, transmissions: 5 },
  maximumTunnels: 1,
};

function avpsOf(body: Uint8Array): readonly Avp[] {
  const message = decodeMessage(body);
  if (!message.ok) throw new Error(message.error.detail);
  return message.value.avps;
}

test("SCCRQ has a Windows client's attributes in its order, with their lengths", () => {
  const body = encodeMessage('SCCRQ', startAvps(vista, 13));
  // MS-L2TPIE 4 (after Message Type): versions 2, 3, 4, 6, 7, 8, 9, 10. The example gives the name's
  // and the two bit masks' lengths as 0x16 and 0x10; RFC 2661 counts the 6 octets of AVP header.
  expect(avpsOf(body).map((avp) => [avp.type, 6 + avp.value.length])).toEqual([
    [2, 8],
    [3, 10],
    [4, 10],
    [6, 8],
    [7, 6 + 0x16],
    [8, 0x0f],
    [9, 8],
    [10, 8],
  ]);
  expect(attribute.protocolVersion.in(avpsOf(body))).toEqual({ version: 1, revision: 0 });
});

test('the length of the example, 0x84, is that of a host name of 39 octets', () => {
  // The example's header says 0x84, its attributes with the printed 22-octet name add up to 0x73:
  // the name was replaced for print. Everything else being equal, 17 octets more make 0x84.
  const length = (hostName: string) => {
    const body = encodeMessage('SCCRQ', startAvps({ ...vista, hostName }, 13));
    return encodeControlPacket({ tunnelId: 0, sessionId: 0, ns: 0, nr: 0, body }).length;
  };
  expect(length('testclient.contoso.com')).toBe(0x73);
  expect(length('x'.repeat(39))).toBe(0x84);
});

test('StopCCN of the example is 0x26 octets, ICRQ 0x46 with the correlation id that a list of AVPs adds', () => {
  // MS-L2TPIE 4: StopCCN carries result 1 with error code 0. ICRQ there has a 22-octet vendor AVP and
  // no Physical Channel ID (10 octets), which its note 13 says is sent.
  const stop = encodeMessage('StopCCN', stopAvps(vista, 13, { result: 1 }));
  expect(12 + stop.length).toBe(0x26);
  expect(12 + encodeMessage('ICRQ', callRequestAvps(1)).length).toBe(0x46 - 22 + 10);
});

test('optional attributes of the configuration are left out', () => {
  const { vendorName: _v, firmwareRevision: _f, bearerCapabilities: _b, ...bare } = vista;
  expect(startAvps(bare, 13).map((avp) => avp.type)).toEqual([2, 3, 7, 9, 10]);
});

const unknown: Avp = {
  mandatory: false,
  hidden: false,
  reserved: false,
  vendorId: 311,
  type: 1,
  value: new Uint8Array(16),
};

test('an unknown attribute is ignored', () => {
  const message = decodeMessage(encodeMessage('ICRQ', [unknown, attribute.assignedSessionId.avp(7)]));
  expect(message).toMatchObject({ ok: true, value: { name: 'ICRQ', avps: [{ type: 14 }] } });
  expect(message.ok && message.value.objection).toBeUndefined();
});

test.each([
  [{ ...unknown, mandatory: true }, 8, 'unknown mandatory AVP: type 1 of vendor 311'],
  [{ ...unknown, vendorId: 0, type: 40, mandatory: true }, 8, 'unknown mandatory AVP: type 40 of vendor 0'],
  [{ ...attribute.calledNumber.avp('x'), hidden: true }, 8, 'hidden mandatory AVP: Called Number'],
  [{ ...attribute.hostName.avp('x'), hidden: true }, 3, 'AVP that may not be hidden: Host Name'],
  [{ ...attribute.assignedTunnelId.avp(1), value: Uint8Array.of(1) }, 2, 'malformed AVP: Assigned Tunnel ID'],
])('%#: a mandatory attribute that cannot be taken is an objection', (avp, errorCode, detail) => {
  expect(decodeMessage(encodeMessage('SCCRQ', [avp]))).toMatchObject({
    ok: true,
    value: { objection: { errorCode, detail } },
  });
});

test('a reserved bit makes an attribute an unrecognised one (RFC 2661 4.1)', () => {
  const body = encodeMessage('SCCRQ', [attribute.hostName.avp('x')]);
  body[8] = (body[8] ?? 0) | 0x04;
  expect(decodeMessage(body)).toMatchObject({ ok: true, value: { objection: { errorCode: 8 } } });
});

test('a malformed attribute that is not mandatory is ignored', () => {
  const avp = { ...attribute.firmwareRevision.avp(1), value: new Uint8Array(3) };
  expect(decodeMessage(encodeMessage('SCCRQ', [avp]))).toMatchObject({ ok: true, value: { avps: [] } });
});

test('Message Type must come first', () => {
  expect(
    decodeMessage(encodeAvps([attribute.hostName.avp('x'), attribute.messageType.avp(1)])),
  ).toMatchObject({
    ok: false,
    error: { field: 'Message Type' },
  });
});

test('a hidden attribute is opened with the Random Vector most closely before it, and with none it is refused', () => {
  const vectors = [1, 2].map((octet) => new Uint8Array(16).fill(octet));
  const hidden = (avp: Avp, vector: Uint8Array): Avp => {
    const value = hideValue(avp.type, 'secret', vector, avp.value, new Uint8Array());
    return { ...avp, hidden: true, value };
  };
  const [first = new Uint8Array(), second = new Uint8Array()] = vectors;
  const called = hidden(attribute.calledNumber.avp('5551234'), first);
  const calling = hidden(attribute.callingNumber.avp('5554321'), second);
  const body = encodeMessage('ICRQ', [
    attribute.randomVector.avp(first),
    called,
    attribute.randomVector.avp(second),
    calling,
  ]);
  const message = decodeMessage(body, 'secret');
  const avps = message.ok ? message.value.avps : [];
  expect([attribute.calledNumber.in(avps), attribute.callingNumber.in(avps)]).toEqual(['5551234', '5554321']);
  const bare = decodeMessage(encodeMessage('ICRQ', [called, attribute.randomVector.avp(first)]), 'secret');
  expect(bare).toMatchObject({
    ok: true,
    value: { objection: { errorCode: 3, detail: 'hidden AVP without a Random Vector: Called Number' } },
  });
});
