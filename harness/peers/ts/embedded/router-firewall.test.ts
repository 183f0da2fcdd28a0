import { expect, test } from 'vitest';
import { buildIpv4, ipv4Packet } from '../../../../stack/ip/ipv4.ts';
import { buildUdp } from '../../../../stack/ip/udp.ts';
import { addressNumber, addressText, protocolUdp, viewPacket } from '../../../fabric/embedded/packet.ts';
import { VirtualTime } from '../../../fabric/embedded/virtual-time.ts';
import { loadNatKind } from '../../../nat-kinds.ts';
import { RouterFirewall } from './router-firewall.ts';

const [office, user, internet, router] = ['192.168.2.10', '192.168.8.50', '198.18.9.9', '198.18.2.10'];
const outer = { kind: 'segment', name: 'internet' } as const;
const lan = { kind: 'segment', name: 'office' } as const;
const tunnel = { kind: 'tunnel' } as const;
const nothing = new Uint8Array(0);

/** As the How-To sets its router up: users and office may begin anything, the Internet nothing. */
function firewall(): RouterFirewall {
  const rules = {
    privateInterfaces: [lan, tunnel],
    publicInterfaces: [outer],
    translations: [{ inside: tunnel, outside: outer }],
    tunnelAddresses: [{ first: '192.168.8.50', last: '192.168.8.99' }],
  };
  const addressOn = () => addressNumber(router);
  return new RouterFirewall(rules, 'l2tp0', addressOn, loadNatKind('linux'), new VirtualTime(), () => 40_000);
}

function udp(source: string, destination: string): Uint8Array {
  const pair = { source, destination };
  const payload = buildUdp({ sourcePort: 7, destinationPort: 7, payload: new Uint8Array(1) }, pair);
  return buildIpv4(ipv4Packet({ ...pair, protocol: protocolUdp, payload }));
}

function sourceOf(packet: Uint8Array | undefined): string | undefined {
  const view = packet && viewPacket(packet);
  return view && addressText(view.source);
}

test('from a private side anything may be begun, from the public one only answers come', () => {
  const rules = firewall();
  expect(rules.leaving(udp(internet, office), 'internet', 'office')).toBeUndefined();
  expect(sourceOf(rules.leaving(udp(office, internet), 'office', 'internet'))).toBe(office);
  expect(sourceOf(rules.leaving(udp(internet, office), 'internet', 'office'))).toBe(internet);
});

test('what is for a VPN user goes into its tunnel or nowhere', () => {
  const rules = firewall();
  expect(rules.leaving(udp(office, user), 'office', 'internet')).toBeUndefined();
  expect(sourceOf(rules.leaving(udp(office, user), 'office', 'l2tp0'))).toBe(office);
});

test('a user on the Internet has the address of the router, and gets the answers', () => {
  const rules = firewall();
  expect(sourceOf(rules.leaving(udp(user, internet), 'l2tp0', 'internet'))).toBe(router);
  const answer = viewPacket(rules.arriving(udp(internet, router), 'internet') ?? nothing);
  expect(addressText(answer?.destination ?? 0)).toBe(user);
});

test('what is for the router itself stays so', () => {
  const view = viewPacket(firewall().arriving(udp(internet, router), 'internet') ?? nothing);
  expect(addressText(view?.destination ?? 0)).toBe(router);
});
