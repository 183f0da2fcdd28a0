import { expect, test } from 'vitest';
import { ExchangeType } from '../isakmp/exchange-type.ts';
import { decodeHeader } from '../isakmp/header.ts';
import { phase2Notification } from './informational.ts';
import { sealMessage, withHash } from './protection.ts';
import { firstIv } from './quick-mode.ts';
import { receiveQuickMode3 } from './quick-mode-responder.ts';
import { ScriptedResponder } from './testing/scripted-responder.ts';
import { expectMirrored, pair } from './testing/simulated-pair.ts';

const setting = { responder: { setsCommitBit: true } } as const;

/** Message numbers of quick mode as one end tells them. */
const messages = ({ client }: ReturnType<typeof pair>, direction: 'sent' | 'received') =>
  client
    .factsNamed('ike-message')
    .flatMap((fact) =>
      fact.exchange === 'quick-mode' && fact.direction === direction ? [fact.message] : [],
    );

test('a responder that sets the commit bit says CONNECTED, and the initiator uses the SA then (RFC 2408 3.1)', () => {
  const both = pair(setting);
  const { simulation, client, server } = both;
  simulation.runTo(5000);
  expectMirrored(client, server);
  expect(messages(both, 'received')).toEqual([2, 4]);
  expect(client.used).toEqual([...client.installed.keys()]);
  expect(client.factsNamed('notify')).toMatchObject([{ notify: 'CONNECTED', protected: true }]);
  const flagged = simulation.wire.flatMap(({ payload }) => {
    const header = decodeHeader(payload);
    return header.ok && header.value.flags.commit ? [header.value.exchangeType] : [];
  });
  expect(flagged).toEqual([ExchangeType.quickMode]);
});

test('without the bit nobody waits: three messages (rule WIRE-1)', () => {
  const both = pair({});
  both.simulation.runTo(5000);
  expect(messages(both, 'received')).toEqual([2]);
  expect(both.client.used.length).toBe(1);
});

test('a lost CONNECTED comes again with the same octets when message 3 does', () => {
  const both = pair(setting);
  const { simulation, client, server } = both;
  let fourth: Uint8Array | undefined;
  let fromServer = 0;
  simulation.tamper = (datagram) => {
    const { source, payload } = datagram;
    if (source.ip !== '198.18.0.2' || payload[18] !== ExchangeType.quickMode || ++fromServer < 2)
      return datagram;
    if (fourth !== undefined) {
      expect(payload).toEqual(fourth);
      return datagram;
    }
    fourth = payload;
    return undefined;
  };
  simulation.run(() => client.installed.size > 0, 5000);
  simulation.runTo(simulation.now + 100);
  // It receives already, and does not send.
  expect([client.installed.size, client.used.length]).toEqual([1, 0]);
  simulation.runTo(5000);
  expect(fromServer).toBe(3);
  expect(client.used.length).toBe(1);
  expectMirrored(client, server);
});

test('what comes under the new SA is as good as CONNECTED', () => {
  const both = pair(setting);
  const { simulation, client } = both;
  let fromServer = 0;
  simulation.tamper = (datagram) =>
    datagram.source.ip === '198.18.0.2' && datagram.payload[18] === ExchangeType.quickMode && ++fromServer > 1
      ? undefined
      : datagram;
  simulation.run(() => client.installed.size > 0, 5000);
  const [inboundSpi = 0] = client.installed.keys();
  client.perform(
    client.engine.espTraffic([{ inboundSpi, sentOctets: 0, receivedOctets: 80 }], undefined, simulation.now),
  );
  expect(client.used).toEqual([inboundSpi]);
  const sent = messages(both, 'sent').length;
  simulation.runTo(60_000);
  expect(messages(both, 'sent').length).toBe(sent);
});

test('a CONNECTED that never comes ends the SA', () => {
  const { simulation, client } = pair(setting);
  let fromServer = 0;
  simulation.tamper = (datagram) =>
    datagram.source.ip === '198.18.0.2' && datagram.payload[18] === ExchangeType.quickMode && ++fromServer > 1
      ? undefined
      : datagram;
  simulation.runTo(120_000);
  expect(client.factsNamed('ike-failed')).toMatchObject([{ phase: 2, reason: 'no-answer' }]);
  expect([client.installed.size, client.used.length]).toEqual([0, 0]);
});

test('CONNECTED may come as an informational exchange under the message id of the quick mode (RFC 2408 3.1)', () => {
  const server = new ScriptedResponder({}, { setsCommitBit: true });
  const phase1 = server.establish();
  const second = server.quickMode2(phase1);
  server.give(second.answer);
  const { octets, header } = server.last();
  expect(server.host.used).toEqual([]);
  const { messageId } = second;
  const third = receiveQuickMode3({ ...server.context, messageId, phase1 }, second.state, header, octets);
  expect(third.step).toBe('advance');
  const { initiatorCookie, responderCookie } = server;
  const start = { initiatorCookie, responderCookie, exchangeType: ExchangeType.informational, messageId };
  const connected = withHash(phase1.keys, messageId, new Uint8Array(), [phase2Notification('CONNECTED')]);
  server.give(sealMessage(phase1.keys, firstIv(phase1, messageId), start, connected).octets);
  expect(server.host.used).toEqual([...server.host.installed.keys()]);
});

test('another notify under that message id is no CONNECTED', () => {
  const server = new ScriptedResponder({}, { setsCommitBit: true });
  const phase1 = server.establish();
  const second = server.quickMode2(phase1);
  server.give(second.answer);
  const { initiatorCookie, responderCookie } = server;
  const { messageId } = second;
  const start = { initiatorCookie, responderCookie, exchangeType: ExchangeType.informational, messageId };
  const other = withHash(phase1.keys, messageId, new Uint8Array(), [
    phase2Notification('NO-PROPOSAL-CHOSEN'),
  ]);
  server.give(sealMessage(phase1.keys, firstIv(phase1, messageId), start, other).octets);
  expect(server.host.used).toEqual([]);
});
