import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EndpointEffect } from '../endpoint/config.ts';
import type { Instant } from '../engine.ts';
import { drive, type LinkEffect, type Wires } from './drive.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const address = { ip: '198.18.0.1', port: 500 };
const sendUdp = (octet: number): EndpointEffect => ({
  effect: 'send-udp',
  local: address,
  peer: address,
  payload: Uint8Array.of(octet),
});
const deliverIp = (octet: number): EndpointEffect => ({ effect: 'deliver-ip', packet: Uint8Array.of(octet) });
const warning = (detail: string): EndpointEffect => ({
  effect: 'fact',
  peer: undefined,
  fact: { fact: 'warning', detail },
});
const linkUp: LinkEffect = {
  effect: 'link-up',
  link: 'a',
  localAddress: '10.0.0.1',
  peerAddress: '10.0.0.2',
  dns: [],
  mtu: 1400,
};
const linkDown: LinkEffect = {
  effect: 'link-down',
  link: 'a',
  localAddress: '10.0.0.1',
  peerAddress: '10.0.0.2',
  detail: 'test',
};

/** A loop whose wires write what they are given into `log`; each link change waits for `finishLink`. */
function stage(options: { refuses?: string } = {}) {
  const log: string[] = [];
  const changes: { resolve: () => void; reject: (error: Error) => void }[] = [];
  let deadline: Instant | undefined;
  const endpoint = {
    deadline: () => deadline,
    tick: (now: Instant) => {
      deadline = undefined;
      return [warning(`tick at ${now - start}`)];
    },
  };
  const wires: Wires = {
    sendUdp: ({ payload }) => {
      log.push(`udp ${payload[0]}`);
      return options.refuses;
    },
    sendEsp: ({ payload }) => {
      log.push(`esp ${payload[0]}`);
      return undefined;
    },
    deliverIp: (packet) => {
      log.push(`tun ${packet[0]}`);
      return undefined;
    },
    changeLink: ({ effect }) => {
      log.push(`changing: ${effect}`);
      return new Promise<void>((resolve, reject) => changes.push({ resolve, reject }));
    },
  };
  const start = performance.now();
  const loop = drive(endpoint, wires, {
    onFact: (_at, { fact }) => log.push(fact.fact === 'warning' ? fact.detail : fact.fact),
    onLink: (_at, { effect }) => log.push(`changed: ${effect}`),
    onFailure: (error) => log.push(`failure: ${error.message}`),
  });
  const setDeadline = (after: number | undefined) => {
    deadline = after === undefined ? undefined : start + after;
  };
  return { loop, log, changes, setDeadline, start };
}

test('effects are applied in order', () => {
  const { loop, log } = stage();
  const esp: EndpointEffect = {
    effect: 'send-esp',
    local: '198.18.0.1',
    peer: '198.18.0.2',
    payload: Uint8Array.of(2),
  };
  loop.run(() => [sendUdp(1), esp, warning('said'), deliverIp(3), sendUdp(4)]);
  expect(log).toEqual(['udp 1', 'esp 2', 'said', 'tun 3', 'udp 4']);
});

test('a link is reported when it has its address; packets for it wait, datagrams do not', async () => {
  const { loop, log, changes } = stage();
  loop.run(() => [linkUp, deliverIp(1), sendUdp(2)]);
  loop.run(() => [deliverIp(3)]);
  expect(log).toEqual(['changing: link-up', 'udp 2']);
  changes[0]?.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(log).toEqual(['changing: link-up', 'udp 2', 'changed: link-up', 'tun 1', 'tun 3']);
  loop.run(() => [deliverIp(4)]);
  expect(log.at(-1)).toBe('tun 4');
});

test('link changes follow one another', async () => {
  const { loop, log, changes } = stage();
  loop.run(() => [linkUp, linkDown]);
  expect(log).toEqual(['changing: link-up']);
  changes[0]?.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(log).toEqual(['changing: link-up', 'changed: link-up', 'changing: link-down']);
});

test('links are settled when the last change that was asked for is done', async () => {
  const { loop, changes } = stage();
  await loop.linksSettled();
  loop.run(() => [linkUp, linkDown]);
  let settled = false;
  const settling = loop.linksSettled().then(() => {
    settled = true;
  });
  changes[0]?.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(settled).toBe(false);
  changes[1]?.resolve();
  await settling;
});

test('a link that cannot have its address is a failure, not a link', async () => {
  const { loop, log, changes } = stage();
  loop.run(() => [linkUp]);
  changes[0]?.reject(new Error('ip: Operation not permitted'));
  await vi.advanceTimersByTimeAsync(0);
  expect(log).toEqual(['changing: link-up', 'failure: ip: Operation not permitted']);
});

test('what waits for a link is bounded', async () => {
  const { loop, log, changes } = stage();
  loop.run(() => [linkUp, ...Array.from({ length: 1500 }, () => deliverIp(1))]);
  changes[0]?.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(log.filter((line) => line === 'tun 1')).toHaveLength(1000);
  expect(log.filter((line) => line.includes('lost'))).toHaveLength(1);
});

test('a refused datagram is a warning, told once, and the loop goes on', () => {
  const { loop, log } = stage({ refuses: 'sending to 198.18.0.2:500: ENETUNREACH' });
  loop.run(() => [sendUdp(1), sendUdp(2)]);
  expect(log).toEqual(['udp 1', 'sending to 198.18.0.2:500: ENETUNREACH', 'udp 2']);
});

test('the timer follows the deadline: earlier, later, none', async () => {
  const { loop, log, setDeadline } = stage();
  setDeadline(500);
  loop.run(() => []);
  setDeadline(200);
  loop.run(() => []);
  await vi.advanceTimersByTimeAsync(199);
  expect(log).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(log).toEqual(['tick at 200']);
  await vi.advanceTimersByTimeAsync(1000);
  expect(log).toEqual(['tick at 200']);
  setDeadline(1300);
  loop.run(() => []);
  setDeadline(undefined);
  loop.run(() => []);
  await vi.advanceTimersByTimeAsync(1000);
  expect(log).toEqual(['tick at 200']);
});

test('a deadline beyond what a Node timer holds does not fire at once', async () => {
  const { loop, log, setDeadline } = stage();
  setDeadline(2 ** 40);
  loop.run(() => []);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(log).toEqual([]);
});

test('after close nothing happens any more, and close waits for the link change under way', async () => {
  const { loop, log, changes, setDeadline } = stage();
  setDeadline(100);
  loop.run(() => [linkUp, deliverIp(1)]);
  let done = false;
  const closed = loop.close().then(() => {
    done = true;
  });
  loop.run(() => [sendUdp(2)]);
  await vi.advanceTimersByTimeAsync(200);
  expect(done).toBe(false);
  changes[0]?.resolve();
  await closed;
  expect(log).toEqual(['changing: link-up']);
});
