import { expect, test } from 'vitest';
import { decodePacket, encodeDataPacket } from '../l2tp/header.ts';
import { decodeFrame, encodeFrame, PppProtocol } from '../ppp/frame.ts';
import type { Datagram } from '../testing/internet.ts';
import { clientExample, responderExample } from './testing/examples.ts';
import { joined } from './testing/joined.ts';

const address = '198.18.2.10';

/** L2TP in the clear, so that a test can look into it and write it; both ends speak IPv6, too. */
function inTheClear() {
  const example = responderExample(address);
  const ppp = <Config extends object>(config: Config) => ({ ...config, ipv6cp: true as const });
  return joined(
    'ipv6',
    {},
    { ...clientExample, withoutIpsec: true, ppp: ppp(clientExample.ppp) },
    {
      ...example,
      ppp: ppp(example.ppp),
      admission: example.admission.map((rule) => ({ ...rule, onlyFromIpsec: false })),
      clearPolicies: [{ name: 'internet' }],
    },
  );
}

/** The PPP frame in a datagram of L2TP, and how to put another in its place. */
function inside(datagram: Datagram) {
  const packet = decodePacket(datagram.payload);
  if (!packet.ok || packet.value.type !== 'data') return undefined;
  const { value } = packet;
  const frame = decodeFrame(value.body);
  if (!frame.ok) return undefined;
  const instead = (body: Uint8Array) => ({
    ...datagram,
    payload: encodeDataPacket({ ...value, body }),
  });
  return { protocol: frame.value.protocol, instead };
}

// RFC 5072 2: IPv6 packets may come as soon as IPV6CP is open. Linux asks for routers then, whatever IPCP does.
test('IPv6 that comes before the link has an address is dropped without a word: there is no link yet', () => {
  const { internet, client } = inTheClear();
  const receive = client.receive.bind(client);
  const ipv6 = Uint8Array.of(0x60, ...new Uint8Array(39));
  const withheld: Datagram[] = [];
  let written: Datagram | undefined;
  client.receive = (datagram) => {
    const data = inside(datagram);
    if (data?.protocol === PppProtocol.ipcp) {
      withheld.push(datagram);
      written = data.instead(encodeFrame(PppProtocol.ipv6, ipv6));
    } else receive(datagram);
  };
  client.act((endpoint, now) => endpoint.connect(now));
  const minute = 60_000;
  const isOpen = () => client.fact('ipv6cp-opened') !== undefined && written !== undefined;
  expect(internet.run(isOpen, minute)).toBe(true);
  const told = client.told.length;
  if (written) receive(written);
  expect(client.delivered).toEqual([]);
  expect(client.told.slice(told)).toEqual([]);

  // The same packet passes once there is a link.
  client.receive = receive;
  for (const datagram of withheld) receive(datagram);
  expect(internet.run(() => client.isUp, internet.now + minute)).toBe(true);
  if (written) receive(written);
  expect(client.delivered).toEqual([ipv6]);
});
