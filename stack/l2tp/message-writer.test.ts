import { expect, test } from 'vitest';
import { seededRandom } from '../host/random.ts';
import { hex, utf8 } from '../octets.ts';
import { attribute } from './attribute.ts';
import { type Avp, decodeAvps } from './avp.ts';
import type { AvpEntry } from './avp-entry.ts';
import { callConnectedAvps, callRequestAvps, disconnectAvps, startAvps, stopAvps } from './avp-lists.ts';
import type { L2tpConfig } from './config.ts';
import type { MessageName } from './message.ts';
import { MessageWriter } from './message-writer.ts';
import { lacConfig } from './testing/tunnel-pair.ts';

/** What a message has after its Message Type. */
function written(config: Partial<L2tpConfig>, name: MessageName, own: readonly Avp[]): readonly Avp[] {
  const writer = new MessageWriter({ ...lacConfig, ...config }, seededRandom('1'));
  const avps = decodeAvps(writer.body(name, own));
  if (!avps.ok) throw new Error(avps.error.detail);
  return avps.value.slice(1);
}

const types = (avps: readonly Avp[]) => avps.map(({ type }) => type);

test("ICRQ of Windows Vista SP1 and later has Microsoft's AVP of 22 octets with a new GUID in each call", () => {
  // The field facts E1, from MS-L2TPIE 2.2.1.1: vendor 311, type 1, M bit clear, 16 octets of value.
  const ICRQ: readonly AvpEntry[] = [
    { attribute: 'assignedSessionId' },
    { attribute: 'callSerialNumber', value: 0 },
    { attribute: 'bearerType', value: 2 },
    { attribute: 'physicalChannelId', value: 0 },
    { vendorId: 311, type: 1, value: { randomOctets: 16 } },
  ];
  const writer = new MessageWriter({ ...lacConfig, messages: { ICRQ } }, seededRandom('1'));
  const [one, two] = [1, 2].map((id) => writer.body('ICRQ', callRequestAvps(id)));
  // MS-L2TPIE 4 has 0x46 octets with that AVP and without Physical Channel ID, which its note 13 says is sent.
  expect(12 + (one?.length ?? 0)).toBe(0x46 + 10);
  expect(hex(one?.subarray(-22, -16) ?? new Uint8Array())).toBe('001601370001');
  expect(one?.subarray(-16)).not.toEqual(two?.subarray(-16));
});

test('SCCRQ of Android before 12 has every AVP mandatory, in its order', () => {
  // The field facts E2: mtpd marks all AVPs mandatory, its host is "anonymous" and its window 1.
  const SCCRQ: readonly AvpEntry[] = [
    { attribute: 'protocolVersion' },
    { attribute: 'hostName' },
    { attribute: 'framingCapabilities', value: 3 },
    { attribute: 'firmwareRevision', mandatory: true },
    { attribute: 'assignedTunnelId' },
    { attribute: 'receiveWindowSize' },
  ];
  const config = {
    hostName: 'anonymous',
    receiveWindowSize: 1,
    firmwareRevision: 0x100,
    messages: { SCCRQ },
  };
  const avps = written(config, 'SCCRQ', startAvps({ ...lacConfig, ...config }, 13));
  expect(types(avps)).toEqual([2, 7, 3, 6, 9, 10]);
  expect(avps.every(({ mandatory }) => mandatory)).toBe(true);
  expect(attribute.hostName.in(avps)).toBe('anonymous');
  expect(attribute.framingCapabilities.in(avps)).toBe(3);
  expect(attribute.assignedTunnelId.in(avps)).toBe(13);
});

test('values are written in the width of their attribute, as text or as octets', () => {
  const ICCN: readonly AvpEntry[] = [
    { attribute: 'txConnectSpeed', value: 64_000 },
    { attribute: 'proxyAuthenType', value: 4, mandatory: true },
    { attribute: 'privateGroupId', value: 'group' },
    { attribute: 'proxyAuthenChallenge', value: { hex: '0102' } },
    { vendorId: 9, type: 7, value: 'text', mandatory: true },
  ];
  const avps = written({ messages: { ICCN } }, 'ICCN', callConnectedAvps(lacConfig, 3));
  expect(avps.map(({ mandatory, vendorId, type, value }) => [mandatory, vendorId, type, hex(value)])).toEqual(
    [
      [true, 0, 24, '0000fa00'],
      [true, 0, 29, '0004'],
      [false, 0, 37, hex(utf8('group'))],
      [false, 0, 31, '0102'],
      [true, 9, 7, hex(utf8('text'))],
    ],
  );
});

test('what this end has nothing for is left out, and so is what the list does not name', () => {
  const SCCRQ: readonly AvpEntry[] = [{ attribute: 'privateGroupId' }, { attribute: 'hostName' }];
  expect(types(written({ messages: { SCCRQ } }, 'SCCRQ', startAvps(lacConfig, 13)))).toEqual([7]);
});

test('no list leaves out what the other settings demand', () => {
  const own = [
    ...startAvps(lacConfig, 13),
    attribute.challenge.avp(Uint8Array.of(1)),
    attribute.tieBreaker.avp(new Uint8Array(8)),
  ];
  const named: readonly AvpEntry[] = [{ attribute: 'tieBreaker' }, { attribute: 'hostName' }];
  expect(types(written({ messages: { SCCRQ: [] } }, 'SCCRQ', own))).toEqual([11, 5]);
  expect(types(written({ messages: { SCCRQ: named } }, 'SCCRQ', own))).toEqual([5, 7, 11]);
  const sequenced = callConnectedAvps({ ...lacConfig, sequencesData: true }, 3);
  expect(types(written({ messages: { ICCN: [] } }, 'ICCN', sequenced))).toEqual([39]);
});

test('a list may say what is wrong: a StopCCN with another tunnel id (MSL2TP, the field facts E2)', () => {
  const StopCCN: readonly AvpEntry[] = [
    { attribute: 'assignedTunnelId', value: 4242 },
    { attribute: 'resultCode' },
  ];
  const avps = written({ messages: { StopCCN } }, 'StopCCN', stopAvps(lacConfig, 13, { result: 1 }));
  expect(attribute.assignedTunnelId.in(avps)).toBe(4242);
});

test.each([
  // RFC 2661 4.4.2: two octets of result, two of error, then text.
  [undefined, { result: 2, error: 8, message: 'x' }, '0002000878'],
  [undefined, { result: 3 }, '00030000'],
  ['result-and-error', { result: 2, error: 8, message: 'x' }, '00020008'],
  ['result', { result: 3 }, '0003'],
  ['result', { result: 2, error: 8, message: 'x' }, '00020008'],
] as const)('result codes "%s" write %j as %s', (resultCodes, code, value) => {
  const config = resultCodes === undefined ? lacConfig : { ...lacConfig, resultCodes };
  for (const avps of [stopAvps(config, 1, code), disconnectAvps(config, 1, code)]) {
    expect(hex(avps[1]?.value ?? new Uint8Array())).toBe(value);
  }
});

test('a LAC calls with asynchronous framing where its peer takes no other (RFC 2661 4.4.3)', () => {
  const framing = (capabilities: number) =>
    attribute.framingType.in(callConnectedAvps(lacConfig, capabilities));
  expect([0, 1, 2, 3].map(framing)).toEqual([1, 1, 2, 1]);
});

test('a hidden value is padded to whole blocks, and never beyond what an AVP holds', () => {
  const config: Partial<L2tpConfig> = { tunnelSecret: 'secret', hides: ['vendorName', 'challenge'] };
  const short = written(config, 'SCCRQ', [attribute.vendorName.avp('x')]);
  expect(short.map(({ type, hidden, value }) => [type, hidden, value.length])).toEqual([
    [36, false, 16],
    [8, true, 16],
  ]);
  const long = written(config, 'SCCRQ', [attribute.challenge.avp(new Uint8Array(1014))]);
  expect(long[1]?.value).toHaveLength(1017);
});
