import { expect, test } from 'vitest';
import { seededRandom } from '../host/random.ts';
import { chapAlgorithms } from './chap-algorithm.ts';
import { encodeChapValue } from './chap-packet.ts';
import { decodeFrame, encodeFrame, PppProtocol } from './frame.ts';
import { decodePacket, encodePacket, type Packet } from './packet.ts';
import { LinkEnd, serverConfig } from './testing/link-pair.ts';

/**
 * A Windows XP client as pppd logs show it (the field facts): options and their order, one identifier
 * counter over all protocols (LCP 1, 2, Identification 3, 4, CCP 5, IPCP 6, CCP 7, IPCP 8, 9, LCP 10),
 * CCP beside IPCP, the terminate reason.
 */
const magic = '4fa614b1';
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const ccp = 0x80fd;

class XpClient {
  readonly server = new LinkEnd({ ...serverConfig, authentication: ['ms-chap-v2'] }, '31');
  #heard = 0;

  constructor() {
    this.server.perform(this.server.engine.start(0));
  }

  say(protocolNumber: number, packet: Packet): void {
    const frame = encodeFrame(protocolNumber, encodePacket(packet));
    this.server.perform(this.server.engine.receive(frame, 100));
  }

  /** What the server sent since the last time. */
  hear(): { protocol: number; packet: Packet }[] {
    const frames = this.server.sent.slice(this.#heard);
    this.#heard = this.server.sent.length;
    return frames.map((bytes) => {
      const frame = decodeFrame(bytes);
      const packet = frame.ok ? decodePacket(frame.value.information) : undefined;
      if (!frame.ok || !packet?.ok) throw new Error('the server sent no packet');
      return { protocol: frame.value.protocol, packet: packet.value };
    });
  }

  /** The one packet that the server sent of this protocol and code. */
  hearOne(protocolNumber: number, packetCode: number): Packet {
    const all = this.hear().filter(
      (each) => each.protocol === protocolNumber && each.packet.code === packetCode,
    );
    const [only, more] = all;
    if (only === undefined || more !== undefined) throw new Error(`${all.length} of code ${packetCode}`);
    return only.packet;
  }
}

function request(identifier: number, options: string): Packet {
  return { code: 1, identifier, data: hex(options) };
}

test('the client of the log connects, is told its addresses and leaves by itself', () => {
  const xp = new XpClient();
  const ours = xp.hearOne(PppProtocol.lcp, 1);

  // LCP: mru 1400, magic, pcomp, accomp, callback CBCP; the callback alone is rejected.
  const good = `0104 0578 0506 ${magic} 0702 0802`;
  xp.say(PppProtocol.lcp, { ...ours, code: 2 });
  xp.say(PppProtocol.lcp, request(1, `${good} 0d03 06`));
  expect(xp.hearOne(PppProtocol.lcp, 4)).toEqual({ code: 4, identifier: 1, data: hex('0d03 06') });
  xp.say(PppProtocol.lcp, request(2, good));
  const opened = xp.hear();
  expect(opened[0]).toEqual({
    protocol: PppProtocol.lcp,
    packet: { code: 2, identifier: 2, data: hex(good) },
  });
  expect(xp.server.facts[0]).toMatchObject({ fact: 'lcp-opened', authentication: 'ms-chap-v2', mru: 1400 });

  // Identification before the response.
  for (const [index, text] of ['MSRASV5.10', 'MSRAS-0-SHOP'].entries()) {
    const data = Buffer.concat([hex(magic), Buffer.from(text)]);
    xp.say(PppProtocol.lcp, { code: 12, identifier: 3 + index, data });
  }
  expect(xp.hear()).toEqual([]);

  const challenge = opened[1]?.packet;
  expect(opened[1]?.protocol).toBe(PppProtocol.chap);
  if (challenge === undefined) throw new Error('no challenge');
  expect(challenge.data[0]).toBe(16);
  const answer = chapAlgorithms['ms-chap-v2'].answer(
    { identifier: challenge.identifier, value: challenge.data.slice(1, 17) },
    'alice',
    'opensesame',
    seededRandom('5'),
  );
  xp.say(PppProtocol.chap, {
    code: 2,
    identifier: challenge.identifier,
    data: encodeChapValue({ value: answer.value, name: 'alice' }),
  });
  const [success, ipcpRequest] = xp.hear();
  expect(success?.packet).toMatchObject({ code: 3, identifier: challenge.identifier });
  expect(answer.proves(Buffer.from(success?.packet.data ?? []).toString())).toBe(true);
  expect(ipcpRequest).toMatchObject({
    protocol: PppProtocol.ipcp,
    packet: { code: 1, data: hex('0306 0a000001') },
  });

  // CCP (MPPC only) at the same time as IPCP: it gets a Protocol-Reject, and XP goes on.
  xp.say(ccp, request(5, '1206 00000001'));
  xp.say(
    PppProtocol.ipcp,
    request(6, '0306 00000000 8106 00000000 8206 00000000 8306 00000000 8406 00000000'),
  );
  const [ccpReject, ipcpReject] = xp.hear();
  expect(ccpReject).toMatchObject({ protocol: PppProtocol.lcp, packet: { code: 8 } });
  expect(ipcpReject).toEqual({
    protocol: PppProtocol.ipcp,
    // WINS both times, and the second name server, which this router has not.
    packet: { code: 4, identifier: 6, data: hex('8206 00000000 8306 00000000 8406 00000000') },
  });
  if (ipcpRequest === undefined) throw new Error('no IPCP');
  xp.say(PppProtocol.ipcp, { ...ipcpRequest.packet, code: 2 });
  xp.say(ccp, { code: 5, identifier: 7, data: hex(`${magic} 003ccd74 000002dc`) });
  expect(xp.hearOne(PppProtocol.lcp, 8).data.slice(0, 4)).toEqual(hex('80fd 0507'));

  xp.say(PppProtocol.ipcp, request(8, '0306 00000000 8106 00000000'));
  expect(xp.hearOne(PppProtocol.ipcp, 3).data).toEqual(hex('0306 0a000009 8106 0a000035'));
  xp.say(PppProtocol.ipcp, request(9, '0306 0a000009 8106 0a000035'));
  expect(xp.hearOne(PppProtocol.ipcp, 2)).toMatchObject({ identifier: 9 });
  expect(xp.server.ups).toMatchObject([{ peerAddress: '10.0.0.9', mtu: 1400 }]);

  xp.say(PppProtocol.lcp, { code: 5, identifier: 10, data: hex(`${magic} 003ccd74 00000000`) });
  expect(xp.hearOne(PppProtocol.lcp, 6)).toMatchObject({ identifier: 10 });
  expect(xp.server.downs).toEqual(['terminated by the peer, Windows reason 0 (the user hung up)']);
});

test('Vista asks for multilink and names its endpoint: it is left with the endpoint alone', () => {
  // The field facts: id 0 first, the options of XP plus mrru 1614 and endpoint [local: 20 octets]; pppd rejects
  // callback and mrru, and the endpoint stays.
  const xp = new XpClient();
  const good = `0104 0578 0506 ${magic} 0702 0802`;
  const endpoint = `1317 01 ${'ab'.repeat(20)}`;
  xp.hear();
  xp.say(PppProtocol.lcp, request(0, `${good} 0d03 06 1104 064e ${endpoint}`));
  expect(xp.hearOne(PppProtocol.lcp, 4)).toEqual({ code: 4, identifier: 0, data: hex('0d03 06 1104 064e') });
  xp.say(PppProtocol.lcp, request(1, `${good} ${endpoint}`));
  expect(xp.hearOne(PppProtocol.lcp, 2)).toMatchObject({ identifier: 1 });
});

test('an MS-CHAPv2 client whose check of the server fails terminates with reason 778', () => {
  const xp = new XpClient();
  xp.hear();
  xp.say(PppProtocol.lcp, { code: 5, identifier: 5, data: hex('744517ff 003ccd74 0000030a') });
  expect(xp.server.failure).toMatchObject({
    reason: 'terminated',
    detail: 'terminated by the peer, Windows reason 778 (the server could not prove who it is)',
    errorNumber: 778,
  });
});
