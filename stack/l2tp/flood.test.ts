import { expect, test } from 'vitest';
import { attribute } from './attribute.ts';
import { startAvps, stopAvps } from './avp-lists.ts';
import { maximumBacklog } from './control-link.ts';
import { encodeControlPacket } from './header.ts';
import { encodeMessage } from './message.ts';
import { control, ScriptedLac } from './testing/scripted-lac.ts';
import { lacConfig, lacSeen, lnsConfig, Station } from './testing/tunnel-pair.ts';

// A stranger who may send whatever he likes. Every count is of what the engine holds after it.

test('requests for 5000 tunnels, each one stopped again, leave no more than are allowed and as many that linger', () => {
  const lns = new Station(lnsConfig, '1');
  let most = 0;
  for (let tunnelId = 1; tunnelId <= 5000; tunnelId++) {
    const ask = control('SCCRQ', startAvps(lacConfig, tunnelId), { tunnelId: 0, ns: 0, nr: 0 });
    const stop = control('StopCCN', stopAvps(lacConfig, tunnelId, { result: 1 }), {
      tunnelId: 0,
      ns: 1,
      nr: 0,
    });
    for (const message of [ask, ...(tunnelId % 2 ? [stop] : [])]) {
      lns.perform(lns.engine.receive({ peer: lacSeen, message }, tunnelId));
      most = Math.max(most, lns.engine.load().tunnels);
    }
    lns.facts.length = 0;
    lns.sent.length = 0;
  }
  expect(most).toBeLessThanOrEqual(2 * lnsConfig.maximumTunnels);
  expect(lns.engine.summary().tunnels).toBe(lnsConfig.maximumTunnels);
  expect(lns.engine.load().unacknowledged).toBeLessThanOrEqual(lnsConfig.maximumTunnels);
});

test('requests that are refused leave nothing: each gets one StopCCN, and no timer runs', () => {
  const lns = new Station({ ...lnsConfig, maximumTunnels: 0 }, '1');
  for (let tunnelId = 1; tunnelId <= 1000; tunnelId++) {
    const message = control('SCCRQ', startAvps(lacConfig, tunnelId), { tunnelId: 0, ns: 0, nr: 0 });
    lns.perform(lns.engine.receive({ peer: lacSeen, message }, tunnelId));
  }
  expect(lns.sent).toHaveLength(1000);
  expect(lns.engine.load()).toEqual({ tunnels: 0, sessions: 0, unacknowledged: 0, early: 0 });
  expect(lns.engine.deadline()).toBeUndefined();
});

test('messages before their turn are held up to 100 and 65536 octets, even in a window of 65535', () => {
  const held = (octets: number) => {
    const lac = new ScriptedLac(undefined, { ...lnsConfig, receiveWindowSize: 0xffff });
    const padding = { ...attribute.vendorName.avp(''), value: new Uint8Array(1000) };
    const body = encodeMessage('HELLO', Array<typeof padding>(Math.ceil(octets / 1006)).fill(padding));
    for (let ns = 2; ns < 3000; ns++) {
      lac.give(encodeControlPacket({ tunnelId: lac.tunnelId, sessionId: 0, ns, nr: 1, body }));
    }
    return lac.lns.engine.load().early;
  };
  expect(held(0)).toBe(100);
  expect(held(4000)).toBe(16);
});

test('messages beyond the window that was offered are not held', () => {
  const lac = new ScriptedLac(undefined, { ...lnsConfig, receiveWindowSize: 4 });
  for (let ns = 2; ns < 1000; ns++) lac.say('HELLO', [], ns);
  expect(lac.lns.engine.load().early).toBe(3);
});

test('a peer that asks and never acknowledges holds 64 messages, then loses its tunnel', () => {
  const lac = new ScriptedLac();
  lac.say('SCCCN', [], 1);
  let most = 0;
  for (let call = 1; call < 500; call++) {
    lac.say('ICRQ', [attribute.assignedSessionId.avp(call)], 1 + call);
    most = Math.max(most, lac.lns.engine.load().unacknowledged);
  }
  expect(most).toBe(maximumBacklog);
  expect(lac.lns.engine.load()).toEqual({ tunnels: 0, sessions: 0, unacknowledged: 0, early: 0 });
});

test('calls beyond those allowed are not kept', () => {
  const lac = new ScriptedLac();
  lac.say('SCCCN', [], 1);
  for (let call = 1; call <= 200; call++) {
    lac.say('ICRQ', [attribute.assignedSessionId.avp(call)], 1 + call, { nr: call });
    expect(lac.lns.engine.load().sessions).toBeLessThanOrEqual(16);
  }
  expect(lac.lns.engine.load().sessions).toBe(16);
});

test('numbered data before its turn is held as far as the settings say', () => {
  const reordering = { maximumFrames: 8, maximumMs: 1000 };
  const lac = new ScriptedLac(undefined, { ...lnsConfig, reordering });
  lac.say('SCCCN', [], 1);
  lac.say('ICRQ', [attribute.assignedSessionId.avp(1)], 2);
  const { sessionId } = lac;
  lac.say('ICCN', [], 3, { sessionId, nr: 2 });
  for (let ns = 1; ns <= 1000; ns++) {
    const data = Uint8Array.of(0x08, 2, 0, 0, 0, 0, ns >> 8, ns, 0, 0, 0xff);
    new DataView(data.buffer).setUint16(2, lac.tunnelId);
    new DataView(data.buffer).setUint16(4, sessionId);
    lac.give(data);
  }
  // The first eight waited for number 0; the ninth took them along, and the rest followed in order.
  expect(lac.lns.frames).toHaveLength(1000);
  // No frame waits: what is due next is a HELLO.
  expect(lac.lns.engine.deadline()).toBe(60_010);
});
