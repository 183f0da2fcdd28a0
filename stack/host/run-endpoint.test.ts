import { expect, test } from 'vitest';
import type { DrivenEndpoint } from './drive.ts';
import { runEndpoint } from './run-endpoint.ts';
import {
  cannotMakeNetworks,
  ip,
  type Namespaces,
  startProgram,
  uniqueDeviceName,
  withNamespaces,
} from './testing/namespaces.ts';
import { openUdpSocket } from './udp-socket.ts';

const why = cannotMakeNetworks === undefined ? '' : ` (cannot run here: ${cannotMakeNetworks})`;
const networkTest = test.skipIf(cannotMakeNetworks !== undefined);
const longest = 30_000;

function startPair({ a, b }: Namespaces, via: 'udp' | 'esp') {
  return [
    startProgram(a, 'forwarder.ts', ['198.18.0.1', '198.18.0.2', via, '10.77.0.1', '10.77.0.2']),
    startProgram(b, 'forwarder.ts', ['198.18.0.2', '198.18.0.1', via, '10.77.0.2', '10.77.0.1']),
  ] as const;
}

networkTest.for(['udp', 'esp'] as const)(
  `a ping goes through two tun devices joined by %s${why}`,
  { timeout: longest },
  (via) =>
    withNamespaces(async (namespaces) => {
      const pair = startPair(namespaces, via);
      const [client, server] = pair;
      try {
        await Promise.all(pair.map((program) => program.event('link-up')));
        // Reported means done: the address is there.
        const addresses = ip(`-n ${namespaces.a} -o address show dev tun-l2tp`);
        expect(addresses).toMatch(/10\.77\.0\.1 peer 10\.77\.0\.2\/32/);
        expect(ip(`-n ${namespaces.a} link show dev tun-l2tp`)).toContain('mtu 1380');
        // A packet delivered together with link-up waited for the address and was not lost.
        expect(await client.event('greeted')).toMatchObject({ payload: 'early' });

        client.say('ping');
        if (via === 'esp') {
          expect(await server.event('esp')).toEqual({
            event: 'esp',
            to: '198.18.0.2',
            from: '198.18.0.1',
            inner: '10.77.0.1',
          });
        }
        expect(await client.event('pong')).toMatchObject({ from: '10.77.0.2', data: 'through the tunnel' });

        client.say('link-down');
        await client.event('link-down');
        expect(ip(`-n ${namespaces.a} -o address show dev tun-l2tp`)).toBe('');
        for (const program of pair) program.say('close');
        await Promise.all(pair.map((program) => program.event('closed')));
        // Nothing keeps the process: it ends by itself.
        expect(await Promise.all(pair.map((program) => program.ended))).toEqual([0, 0]);
        expect(() => ip(`-n ${namespaces.a} link show dev tun-l2tp`)).toThrow('does not exist');
      } finally {
        for (const program of pair) program.kill();
      }
    }),
);

const silent: DrivenEndpoint = {
  deadline: () => undefined,
  tick: () => [],
  sendIp: () => [],
  receiveUdp: () => [],
  receiveEsp: () => [],
};

networkTest(`where one socket cannot be had, none stays open${why}`, async () => {
  const tunName = uniqueDeviceName('run');
  const facts: unknown[] = [];
  const start = (port: number) =>
    runEndpoint({
      endpoint: silent,
      localAddress: '127.0.0.1',
      tunName,
      udpPorts: [port],
      onFact: (_at, { fact }) => facts.push(fact),
      onLink() {},
      onFailure: (error) => facts.push(error),
    });
  const holder = await openUdpSocket({ ip: '127.0.0.1', port: 0 }, { onDatagram() {}, onError() {} });
  await expect(start(holder.local.port)).rejects.toMatchObject({ code: 'address-in-use' });
  expect(() => ip(`link show dev ${tunName}`)).toThrow('does not exist');

  // The device and the port are free again, and a datagram from a port that is not open is told.
  await holder.close();
  const running = await start(holder.local.port);
  const peer = { ip: '127.0.0.1', port: 9 };
  running.run(() => [
    { effect: 'send-udp', local: { ip: '127.0.0.1', port: 1 }, peer, payload: new Uint8Array(1) },
  ]);
  // The device is down, which the kernel says with EIO.
  running.run(() => [{ effect: 'deliver-ip', packet: Uint8Array.of(0x45) }]);
  expect(facts).toEqual([
    { fact: 'warning', detail: 'no socket at 127.0.0.1:1' },
    { fact: 'warning', detail: expect.stringMatching(/^writing to .*: E(IO|INVAL)$/) },
  ]);
  await running.close();
  expect(() => ip(`link show dev ${tunName}`)).toThrow('does not exist');
});
