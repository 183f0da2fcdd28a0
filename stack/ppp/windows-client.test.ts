import { expect, test } from 'vitest';
import { perfect } from '../testing/simulation.ts';
import type { LcpWish, PppClientConfig } from './config.ts';
import { PppEngine } from './engine.ts';
import { decodeFrame, PppProtocol } from './frame.ts';
import { PacketCode } from './packet.ts';
import { bringUp, clientConfig, comeDown, linkOf, sentBy, start } from './testing/link-pair.ts';

/**
 * Windows clients as pppd logs show them (the field facts, E3): the settings reproduce the log. Marks are those of
 * the field facts: [V] seen in a log, [D] derived, [R] recalled.
 */
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const magic = hex('4fa614b1');

/** [V] mru 1400, magic, pcomp, accomp, callback CBCP, in this order. */
const xpOptions: readonly LcpWish[] = [
  { option: 'mru' },
  { option: 'magic-number' },
  { option: 'protocol-field-compression' },
  { option: 'address-and-control-field-compression' },
  { option: 'callback', operation: 6 },
];
const endpoint = '0f42d162879f4a4a82e5a3b1ec3bcb0400000000';

const xp: PppClientConfig = {
  ...clientConfig,
  lcpOptions: xpOptions,
  firstIdentifier: 1,
  identification: ['MSRASV5.10', 'MSRAS-0-SHOP'],
  requestsDns: true,
  requestsWins: true,
  // [V] "mppe +H -M -S -L -D +C": stateless, compression alone.
  ccp: { supportedBits: 0x01000001 },
  terminateReason: 'windows',
};
const vista: PppClientConfig = {
  ...xp,
  // [V] the same, mrru 1614 and a local endpoint of 20 octets; the first identifier is 0.
  lcpOptions: [
    ...xpOptions,
    { option: 'mrru', octets: 1614 },
    { option: 'endpoint-discriminator', class: 1, address: endpoint },
  ],
  firstIdentifier: 0,
  // [V] three packets in a log of a later client; [D] that the third is its correlation GUID.
  identification: [
    'MSRASV5.20',
    'MSRAS-0-SHOP',
    { hex: 'c91ab230 3ac7c042 9bcbb1d0 b131f084'.replaceAll(' ', '') },
  ],
  ipv6cp: true,
};

function firstRequest(config: PppClientConfig): Uint8Array {
  const engine = new PppEngine(config, (length) => magic.slice(0, length));
  const [effect] = engine.start(0);
  const frame = effect?.effect === 'send-ppp' ? decodeFrame(effect.frame) : undefined;
  if (!frame?.ok) throw new Error('the client began with something else');
  return frame.value.information;
}

test('the first request of Windows XP is that of the log [V]', () => {
  const options = '0104 0578 0506 4fa614b1 0702 0802 0d03 06';
  expect(firstRequest(xp)).toEqual(hex(`01 01 0015 ${options}`));
});

test('the first request of Windows Vista has identifier 0, multilink and an endpoint [V]', () => {
  const options = `0104 0578 0506 4fa614b1 0702 0802 0d03 06 1104 064e 1317 01 ${endpoint}`;
  expect(firstRequest(vista)).toEqual(hex(`01 00 0030 ${options}`));
});

/** Protocol, code and identifier of everything but CHAP, whose identifiers are the server's. */
function countedBy(pair: ReturnType<typeof linkOf>): string[] {
  const names = new Map<number, string>([
    [PppProtocol.lcp, 'LCP'],
    [PppProtocol.ccp, 'CCP'],
    [PppProtocol.ipcp, 'IPCP'],
    [PppProtocol.ipv6cp, 'IPV6CP'],
  ]);
  const answers: readonly number[] = [
    PacketCode.configureAck,
    PacketCode.configureNak,
    PacketCode.configureReject,
  ];
  return sentBy(pair.client)
    .filter(
      ({ protocol, code }) =>
        names.has(protocol) && !answers.includes(code) && code !== PacketCode.terminateAck,
    )
    .map(({ protocol, code, identifier }) => `${names.get(protocol)} ${code} ${identifier}`);
}

test("Windows XP's identifiers count over all protocols, from the first request to the end, as in the log [V]", () => {
  const server = {
    authentication: ['ms-chap-v2' as const],
    dns: ['192.168.1.3', '192.168.1.3'],
    rejectsCcpOptions: true as const,
  };
  const pair = linkOf(60, perfect, { client: xp, server });
  expect(bringUp(pair)).toBe(true);
  pair.simulation.runTo(1000);
  pair.client.perform(pair.client.engine.close('the user hung up', pair.simulation.now));
  expect(comeDown(pair)).toBe(true);
  // LCP 1, without callback 2, Identification 3 and 4, CCP 5 and IPCP 6, then in the log CCP's end 7, IPCP 8, 9.
  const counted = countedBy(pair);
  expect(counted).toEqual([
    'LCP 1 1',
    'LCP 1 2',
    'LCP 12 3',
    'LCP 12 4',
    'CCP 1 5',
    'IPCP 1 6',
    'CCP 5 7',
    'IPCP 1 8',
    'IPCP 1 9',
    'LCP 5 10',
  ]);
  const ends = sentBy(pair.client).filter(({ code }) => code === PacketCode.terminateRequest);
  const mark = Buffer.from(ends[0]?.data ?? []).subarray(4, 12);
  // 0x2dc = 732 for CCP, 0 for the user.
  expect(mark).toEqual(Buffer.from('003ccd74000002dc', 'hex'));
  expect(Buffer.from(ends[1]?.data ?? []).subarray(4)).toEqual(Buffer.from('003ccd7400000000', 'hex'));
  expect(pair.server.facts.at(-1)).toMatchObject({
    fact: 'closed',
    by: 'peer',
    detail: 'terminated by the peer, Windows reason 0 (the user hung up)',
    errorNumber: 0,
  });
});

test('its IPCP asks for address, DNS, WINS, DNS, WINS, and drops what is rejected [V]', () => {
  const pair = linkOf(61, perfect, { client: xp, server: { dns: ['10.0.0.53', '10.0.0.54'] } });
  expect(bringUp(pair)).toBe(true);
  const requests = sentBy(pair.client)
    .filter(({ protocol, code }) => protocol === PppProtocol.ipcp && code === PacketCode.configureRequest)
    .map(({ data }) => Buffer.from(data).toString('hex'));
  expect(requests).toEqual([
    '030600000000810600000000820600000000830600000000840600000000',
    '030600000000810600000000830600000000',
    '03060a00000981060a00003583060a000036',
  ]);
});

test('Windows after Vista keeps its endpoint, says who it is in three packets, and begins with IPV6CP [V]', () => {
  const pair = linkOf(62, perfect, { client: vista, server: { authentication: ['ms-chap-v2'] } });
  expect(bringUp(pair)).toBe(true);
  expect(countedBy(pair).slice(0, 7)).toEqual([
    'LCP 1 0',
    'LCP 1 1',
    'LCP 12 2',
    'LCP 12 3',
    'LCP 12 4',
    'IPV6CP 1 5',
    // [R] that CCP stands between IPV6CP and IPCP.
    'CCP 1 6',
  ]);
  const requests = sentBy(pair.client).filter(
    ({ protocol, code }) => protocol === PppProtocol.lcp && code === 1,
  );
  expect(Buffer.from(requests[1]?.data ?? []).toString('hex')).toMatch(
    new RegExp(`^01040578.*07020802131701${endpoint}$`),
  );
  const told = pair.server.facts.flatMap((fact) => (fact.fact === 'ppp-identification' ? [fact.text] : []));
  expect(told).toEqual(['MSRASV5.20', 'MSRAS-0-SHOP', 'c91ab2303ac7c0429bcbb1d0b131f084']);
});

test('a server that cannot prove itself ends in reason 778, which both sides tell [V]', () => {
  const pair = linkOf(63, perfect, { client: xp, server: { authentication: ['ms-chap-v2'] } });
  pair.server.corrupt = (bytes) => {
    const frame = decodeFrame(bytes);
    if (!frame.ok || frame.value.protocol !== PppProtocol.chap || frame.value.information[0] !== 3)
      return bytes;
    const copy = bytes.slice();
    copy[10] = copy[10] === 0x30 ? 0x31 : 0x30;
    return copy;
  };
  start(pair);
  expect(comeDown(pair)).toBe(true);
  const [end] = sentBy(pair.client).filter(
    ({ code, protocol }) => code === 5 && protocol === PppProtocol.lcp,
  );
  expect(
    Buffer.from(end?.data ?? [])
      .subarray(4)
      .toString('hex'),
  ).toBe('003ccd740000030a');
  expect(pair.client.failure).toMatchObject({ layer: 'auth', reason: 'auth-failed', errorNumber: 778 });
  expect(pair.server.facts.at(-1)).toMatchObject({
    detail: 'terminated by the peer, Windows reason 778 (the server could not prove who it is)',
    errorNumber: 778,
  });
});

test('a wrong password ends in reason 691 [D]', () => {
  const pair = linkOf(64, perfect, {
    client: { ...xp, password: 'wrong' },
    server: { authentication: ['ms-chap-v2'], authenticationRetries: 3 },
  });
  start(pair);
  expect(comeDown(pair)).toBe(true);
  expect(pair.client.failure).toMatchObject({ reason: 'auth-failed', errorNumber: 691 });
  const [end] = sentBy(pair.client).filter(
    ({ code, protocol }) => code === 5 && protocol === PppProtocol.lcp,
  );
  expect(
    Buffer.from(end?.data ?? [])
      .subarray(8)
      .toString('hex'),
  ).toBe('000002b3');
});

test('compressed headers leave out what the peer asked to have left out, and LCP stays whole (RFC 1661 6.5, 6.6)', () => {
  const lcpOptions: readonly LcpWish[] = [
    { option: 'mru' },
    { option: 'authentication' },
    { option: 'magic-number' },
    { option: 'protocol-field-compression' },
    { option: 'address-and-control-field-compression' },
  ];
  const pair = linkOf(65, perfect, { client: { ...xp, compressesHeaders: true }, server: { lcpOptions } });
  expect(bringUp(pair)).toBe(true);
  const packet = Uint8Array.of(0x45, 1, 2);
  pair.client.perform(pair.client.engine.sendIp(packet));
  expect(pair.client.sent.at(-1)).toEqual(Uint8Array.of(0x21, 0x45, 1, 2));
  const lcp = pair.client.sent.filter((bytes) => bytes[0] === 0xff && bytes[2] === 0xc0);
  expect(lcp).toHaveLength(sentBy(pair.client).filter(({ protocol }) => protocol === PppProtocol.lcp).length);
  expect(pair.client.sent.some((bytes) => bytes[0] === 0x80 && bytes[1] === 0x21)).toBe(true);
  // A peer that did not ask gets whole frames.
  const plain = linkOf(66, perfect, { client: { ...xp, compressesHeaders: true } });
  bringUp(plain);
  plain.client.perform(plain.client.engine.sendIp(packet));
  expect(plain.client.sent.at(-1)?.subarray(0, 4)).toEqual(Uint8Array.of(0xff, 3, 0, 0x21));
});
