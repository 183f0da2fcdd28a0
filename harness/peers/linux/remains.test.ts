import { expect, test } from 'vitest';
import { readRemains, remainsScript } from './remains.ts';

const nothing = '== sas\n== interfaces\n== tunnels\nPPPoL2TP driver info, V2.0\n\n== ike\n';

test('asks the kernel and the daemon', () => {
  const script = remainsScript(['sh', '-c', `echo 'it''s'`]);
  expect(script).toContain("echo '== sas'\nip xfrm state || true");
  expect(script).toContain(`'sh' '-c' 'echo '\\''it'\\'''\\''s'\\''' || true`);
});

test('an empty kernel holds nothing', () => {
  expect(readRemains(nothing)).toEqual([]);
});

// As iproute2 6.1, the kernel's PPPoL2TP and swanctl 5.9.8 print them.
test('names what is left', () => {
  const printed = `== sas
src 192.168.1.10 dst 198.18.2.10
	proto esp spi 0xca7a4fd9(3397013465) reqid 1(0x00000001) mode transport
	replay-window 0 seq 0x00000000 flag  (0x00000000)
	auth-trunc hmac(sha1) 0x77c1 (160 bits) 96
	enc cbc(des3_ede) 0x0a0b (192 bits)
== interfaces
3: ppp0: <POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> mtu 1400 qdisc fq_codel state UNKNOWN mode DEFAULT
== tunnels
PPPoL2TP driver info, V2.0
TUNNEL name, user-data-ok session-count

TUNNEL 'tunl 25677', Y 3
  SESSION 'sess 25677/18406' C0A8010A/1701 644D/47E6 -> 1F84/B810 3 Y
== ike
l2tp: #1, CONNECTING, IKEv1, eb0fd42d48742d47_i d825ede618d13f75_r*
`;
  expect(readRemains(printed)).toEqual([
    'SA 0xca7a4fd9 from 192.168.1.10 to 198.18.2.10',
    'interface ppp0',
    'L2TP tunnel tunl 25677',
    'IKE SA l2tp: #1, CONNECTING, IKEv1, eb0fd42d48742d47_i d825ede618d13f75_r*',
  ]);
});

test('an SPI that is only reserved is no SA', () => {
  const reserved = `src 198.18.1.10 dst 198.18.2.10
	proto esp spi 0x0617686f reqid 16401 mode transport
	replay-window 0 
	encap type espinudp sport 4500 dport 4500 addr 0.0.0.0
	sel src 198.18.1.10/32 dst 198.18.2.10/32 
`;
  expect(readRemains(nothing.replace('== sas\n', `== sas\n${reserved}`))).toEqual([]);
});

test('an answer that is not whole is no proof of nothing', () => {
  expect(readRemains('')).toEqual(['no word about sas']);
  expect(readRemains(nothing.replace('== ike\n', ''))).toEqual(['no word about ike']);
});
