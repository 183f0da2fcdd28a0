import { expect, test } from 'vitest';
import { seededRandom } from '../../../../stack/host/random.ts';
import type { L2tpConfig } from '../../../../stack/l2tp/config.ts';
import { L2tpEngine } from '../../../../stack/l2tp/engine.ts';
import { PppEngine } from '../../../../stack/ppp/engine.ts';
import { compiledClient } from './testing/compiled.ts';

/** [type, M bit, value in hex] of each AVP of an SCCRQ (RFC 2661 3.1, 4.1), read by hand. */
function sccrq(profile: string, changed: Partial<L2tpConfig> = {}) {
  const engine = new L2tpEngine({ ...compiledClient(profile).l2tp, ...changed }, seededRandom('seed'));
  const peer = { path: 'p', address: { ip: '198.18.2.10', port: 1701 } };
  const [sent] = engine.dial(peer, 0).filter((effect) => effect.effect === 'send-l2tp');
  const octets = Buffer.from(sent?.message ?? []);
  // T, L and S; version 2; no tunnel yet.
  expect([octets.readUInt16BE(0), octets.readUInt16BE(2), octets.readUInt16BE(4)]).toEqual([
    0xc802,
    octets.length,
    0,
  ]);
  const avps: [number, boolean, string][] = [];
  for (let at = 12; at < octets.length; at += octets.readUInt16BE(at) & 0x3ff) {
    const first = octets.readUInt16BE(at);
    const value = octets.subarray(at + 6, at + (first & 0x3ff)).toString('hex');
    avps.push([octets.readUInt16BE(at + 4), (first & 0x8000) !== 0, value]);
  }
  return { octets: octets.length, avps, values: avps.map(([type, , value]) => [type, value] as const) };
}
const hex = (text: string) => Buffer.from(text).toString('hex');

test('Windows 10: SCCRQ as xl2tpd issue 219 logs it, 108 octets for a host name of 15', () => {
  const { octets, values } = sccrq('windows-10', { hostName: 'RWB-LAPTOP-DELL' });
  expect(octets).toBe(108);
  // Version 1.0, framing synchronous, no bearer, firmware 0x0a00, vendor Microsoft, tunnel 1, window 8.
  expect(values).toEqual([
    [0, '0001'],
    [2, '0100'],
    [3, '00000001'],
    [4, '00000000'],
    [6, '0a00'],
    [7, hex('RWB-LAPTOP-DELL')],
    [8, hex('Microsoft')],
    [9, '0001'],
    [10, '0008'],
  ]);
});

test('each Windows names its own version as firmware', () => {
  const firmware = (profile: string) => new Map(sccrq(profile).values).get(6);
  // [MS-L2TPIE] for Vista SP1, xl2tpd and MikroTik logs for 7; the older are recalled.
  expect(firmware('windows-vista')).toBe('0600');
  expect(firmware('windows-7')).toBe('0601');
  expect(firmware('windows-xp-sp2')).toBe('0501');
  expect(firmware('windows-2000')).toBe('0500');
});

test('Android: SCCRQ as mtpd writes it, all mandatory, host name before framing', () => {
  const { octets, avps } = sccrq('android');
  expect(avps.map(([type]) => type)).toEqual([0, 2, 7, 3, 9, 10]);
  expect(avps.every(([, mandatory]) => mandatory)).toBe(true);
  const values = new Map(avps.map(([type, , value]) => [type, value]));
  expect([values.get(7), values.get(3), values.get(10)]).toEqual([hex('anonymous'), '00000003', '0001']);
  // Header 12, then 6 of each AVP's header and its value.
  expect(octets).toBe(12 + 8 + 8 + 15 + 10 + 8 + 8);
});

test('ChromeOS: xl2tpd does not mark firmware and vendor mandatory, and says 0x0690', () => {
  const { avps } = sccrq('chromeos');
  expect(avps.filter(([, mandatory]) => !mandatory).map(([type]) => type)).toEqual([6, 8]);
  expect(avps.find(([type]) => type === 6)?.[2]).toBe('0690');
});

test('macOS: window 4, and tunnels numbered from 1', () => {
  const values = new Map(sccrq('macos').values);
  expect([values.get(10), values.get(9)]).toEqual(['0004', '0001']);
});

test('MikroTik: vendor and host name MikroTik, firmware 1, window 4 (pastebin ZEstEwWK)', () => {
  const values = new Map(sccrq('mikrotik').values);
  expect([7, 8, 6, 10].map((type) => values.get(type))).toEqual([
    hex('MikroTik'),
    hex('MikroTik'),
    '0001',
    '0004',
  ]);
});

/** Identifier and options, [type, value in hex], of the first LCP Configure-Request (RFC 1661 5.1), read by hand. */
function lcpRequest(profile: string) {
  const engine = new PppEngine(compiledClient(profile).ppp, seededRandom('seed'));
  const [sent] = engine.start(0).filter((effect) => effect.effect === 'send-ppp');
  const frame = Buffer.from(sent?.frame ?? []);
  const packet = frame.subarray(frame.readUInt16BE(0) === 0xff03 ? 4 : 2);
  expect([packet.readUInt8(0), packet.readUInt16BE(2)]).toEqual([1, packet.length]);
  const options: [number, string][] = [];
  for (let at = 4; at < packet.length; at += packet.readUInt8(at + 1)) {
    options.push([
      packet.readUInt8(at),
      packet.subarray(at + 2, at + packet.readUInt8(at + 1)).toString('hex'),
    ]);
  }
  return { identifier: packet.readUInt8(1), types: options.map(([type]) => type), options: new Map(options) };
}

// Field facts E3, pppd logs. 1 MRU, 2 ACCM, 5 magic, 7 and 8 compression, 13 callback, 17 MRRU, 19 endpoint.
test('Windows XP: ConfReq 1 with MRU 1400, magic, both compressions and callback by CBCP', () => {
  const { identifier, types, options } = lcpRequest('windows-xp-sp2');
  expect([identifier, types]).toEqual([1, [1, 5, 7, 8, 13]]);
  expect([options.get(1), options.get(13)]).toEqual(['0578', '06']);
});

test('Vista and later: ConfReq 0 with MRRU 1614 and an endpoint of class 1 and 20 octets besides', () => {
  for (const profile of ['windows-vista', 'windows-7', 'windows-10']) {
    const { identifier, types, options } = lcpRequest(profile);
    expect([identifier, types]).toEqual([0, [1, 5, 7, 8, 13, 17, 19]]);
    expect([options.get(1), options.get(17)]).toEqual(['0578', '064e']);
    expect(options.get(19)).toMatch(/^01[0-9a-f]{40}$/);
  }
});

test('macOS: ConfReq 1 with ACCM 0, magic and both compressions, and no MRU (SoftEther issue 2110)', () => {
  const { identifier, types, options } = lcpRequest('macos');
  expect([identifier, types, options.get(2)]).toEqual([1, [2, 5, 7, 8], '00000000']);
});
