import { expect, test } from 'vitest';
import { TunnelLife } from './tunnel-life.ts';

const [interval, patience] = [1000, 3000];

test('the originator waits for a reply, the receiver for it to be connected, both so long and no longer', () => {
  const life = new TunnelLife('local', interval, patience, 0);
  expect([life.state, life.isLive, life.deadline()]).toEqual(['wait-ctl-reply', true, patience]);
  expect(new TunnelLife('peer', interval, patience, 0).state).toBe('wait-ctl-conn');
  expect([life.tookTooLong(patience - 1), life.tookTooLong(patience)]).toEqual([false, true]);
  // Said once: what comes of it is decided then.
  expect([life.tookTooLong(patience + 1), life.deadline()]).toEqual([false, undefined]);
});

test('established it waits for a session, and with one for nothing', () => {
  const life = new TunnelLife('local', interval, patience, 0);
  life.established(500);
  expect([life.state, life.deadline()]).toEqual(['established', 1500]);
  life.hasSession();
  expect(life.deadline()).toBeUndefined();
  life.waitsForSession(9000);
  expect([life.tookTooLong(9999), life.tookTooLong(10_000)]).toEqual([false, true]);
});

// RFC 2661 5.8: control messages that the peer repeats are acknowledged for a full retransmission interval.
test('closing it waits for its own repetitions alone, then lingers for an interval, and is gone', () => {
  const life = new TunnelLife('peer', interval, patience, 0);
  life.closes();
  expect([life.state, life.isLive, life.deadline()]).toEqual(['closing', true, undefined]);
  life.lingers(2000);
  expect([life.state, life.isLive, life.deadline()]).toEqual(['lingering', false, 3000]);
  life.ends();
  expect([life.state, life.isLive, life.deadline()]).toEqual(['gone', false, undefined]);
});
