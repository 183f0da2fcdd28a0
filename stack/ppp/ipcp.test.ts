import { expect, test } from 'vitest';
import { ipv4ToBytes } from '../address.ts';
import { IpcpClient, IpcpServer } from './ipcp.ts';
import type { Option } from './option.ts';

const address = (type: number, ip: string): Option => ({ type, data: ipv4ToBytes(ip) });
const vanJacobson: Option = { type: 2, data: Uint8Array.of(0x00, 0x2d, 0x0f, 0x01) };
const server = (dns: string[]) => new IpcpServer({ localAddress: '10.0.0.1', dns }, '10.0.0.9');

test('the client asks for an address and both name servers (RFC 1877)', () => {
  expect(new IpcpClient({ requestsDns: true }).request()).toEqual(
    [3, 129, 131].map((type) => address(type, '0.0.0.0')),
  );
  expect(new IpcpClient({ requestsDns: false }).request()).toEqual([address(3, '0.0.0.0')]);
});

test('the server rejects WINS and compression alone, first', () => {
  // XP's request of the field facts: address, DNS, WINS, DNS, WINS.
  const request = [3, 129, 130, 131, 132].map((type) => address(type, '0.0.0.0'));
  const dns = ['10.0.0.53', '10.0.0.54'];
  expect(server(dns).judge([...request, vanJacobson])).toEqual({
    answer: 'reject',
    options: [address(130, '0.0.0.0'), address(132, '0.0.0.0'), vanJacobson],
  });
});

test('then it Naks with what the client is to have, and acknowledges that', () => {
  const request = [3, 129, 131].map((type) => address(type, '0.0.0.0'));
  const right = [address(3, '10.0.0.9'), address(129, '10.0.0.53'), address(131, '10.0.0.54')];
  const options = server(['10.0.0.53', '10.0.0.54']);
  expect(options.judge(request)).toEqual({ answer: 'nak', options: right });
  expect(options.judge(right)).toEqual({ answer: 'ack' });
});

test('name servers that the server has not are rejected', () => {
  const request = [address(3, '10.0.0.9'), address(129, '10.0.0.53'), address(131, '0.0.0.0')];
  expect(server(['10.0.0.53']).judge(request)).toEqual({
    answer: 'reject',
    options: [address(131, '0.0.0.0')],
  });
});

test('a client that asks for no address, or for another, is told its own', () => {
  const nak = { answer: 'nak', options: [address(3, '10.0.0.9')] };
  expect(server([]).judge([])).toEqual(nak);
  expect(server([]).judge([address(3, '10.9.9.9')])).toEqual(nak);
});

test('the client takes what a Nak names, and gives up without an address', () => {
  const options = new IpcpClient({ requestsDns: true });
  options.nakked([address(3, '10.0.0.9'), address(129, '10.0.0.53'), address(130, '10.0.0.77')]);
  options.accepted([address(3, '10.0.0.1')]);
  expect(options.rejected([address(131, '0.0.0.0')])).toBe(true);
  expect(options.result()).toEqual({
    localAddress: '10.0.0.9',
    peerAddress: '10.0.0.1',
    dns: ['10.0.0.53'],
    wins: [],
  });
  expect(options.rejected([address(3, '10.0.0.9')])).toBe(false);
});

test('the client acknowledges the address of the server, and rejects compression, old addresses and a wish for one', () => {
  expect(new IpcpClient({ requestsDns: true }).judge([address(3, '10.0.0.1')])).toEqual({ answer: 'ack' });
  const old: Option = { type: 1, data: new Uint8Array(8) };
  expect(server([]).judge([address(3, '10.0.0.9'), old])).toEqual({ answer: 'reject', options: [old] });
  for (const option of [vanJacobson, old, address(3, '0.0.0.0'), { type: 3, data: new Uint8Array(3) }]) {
    expect(new IpcpClient({ requestsDns: true }).judge([option])).toEqual({
      answer: 'reject',
      options: [option],
    });
  }
});
