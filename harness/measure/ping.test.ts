import { expect, test } from 'vitest';
import { pingCommand, pingResult } from './ping.ts';

// Real output of ping from iputils 20221126 (Debian bookworm), the box image's.
const answered = `PING 127.0.0.1 (127.0.0.1) from 127.0.0.1 lo: 56(84) bytes of data.
64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.027 ms
64 bytes from 127.0.0.1: icmp_seq=2 ttl=64 time=0.047 ms
64 bytes from 127.0.0.1: icmp_seq=3 ttl=64 time=0.045 ms

--- 127.0.0.1 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 108ms
rtt min/avg/max/mdev = 0.027/0.039/0.047/0.009 ms
`;
const silent = `PING 10.9.9.2 (10.9.9.2) from 10.9.9.1 v0: 56(84) bytes of data.

--- 10.9.9.2 ping statistics ---
3 packets transmitted, 0 received, 100% packet loss, time 113ms

`;

test('reads counts and the median of the round trips', () => {
  expect(pingResult({ exitCode: 0, stdout: answered, stderr: '' }, 3)).toEqual({
    sent: 3,
    received: 3,
    medianMs: 0.045,
  });
});

test('takes silence for a result', () => {
  expect(pingResult({ exitCode: 1, stdout: silent, stderr: '' }, 3)).toEqual({ sent: 3, received: 0 });
});

test('reads errors between the answers as loss', () => {
  const unreachable = silent.replace('0 received, 100%', '0 received, +3 errors, 100%');
  expect(pingResult({ exitCode: 1, stdout: unreachable, stderr: '' }, 3)).toEqual({ sent: 3, received: 0 });
});

// Real output of ping -c 5 -w 3, every third answer dropped by iptables.
const lossy = `PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.
64 bytes from 127.0.0.1: icmp_seq=2 ttl=64 time=0.038 ms
64 bytes from 127.0.0.1: icmp_seq=3 ttl=64 time=0.038 ms
64 bytes from 127.0.0.1: icmp_seq=5 ttl=64 time=0.043 ms
64 bytes from 127.0.0.1: icmp_seq=6 ttl=64 time=0.045 ms
64 bytes from 127.0.0.1: icmp_seq=8 ttl=64 time=0.046 ms

--- 127.0.0.1 ping statistics ---
8 packets transmitted, 5 received, 37.5% packet loss, time 112ms
rtt min/avg/max/mdev = 0.038/0.042/0.046/0.003 ms
`;

test('an answer that is missing is a loss, whatever was asked and answered later', () => {
  expect(pingResult({ exitCode: 0, stdout: lossy, stderr: '' }, 5)).toEqual({
    sent: 5,
    received: 3,
    medianMs: 0.038,
  });
});

test('a late answer is no loss, and neither is what was asked while it came', () => {
  const late = answered.replace('3 packets transmitted, 3 received', '7 packets transmitted, 3 received');
  expect(pingResult({ exitCode: 0, stdout: late, stderr: '' }, 3)).toMatchObject({ sent: 3, received: 3 });
});

test('an answer that came twice is one answer', () => {
  const doubled = answered.replace(/icmp_seq=2 (.*)/, 'icmp_seq=1 $1 (DUP!)');
  expect(pingResult({ exitCode: 0, stdout: doubled, stderr: '' }, 3)).toMatchObject({ received: 2 });
});

test('passes on what ping says when it cannot send', () => {
  const stderr = 'ping: SO_BINDTODEVICE nosuch: No such device\n';
  expect(pingResult({ exitCode: 2, stdout: '', stderr }, 3)).toEqual({
    sent: 0,
    received: 0,
    failure: 'ping: ping: SO_BINDTODEVICE nosuch: No such device',
  });
});

test('refuses output without a summary', () => {
  expect(() => pingResult({ exitCode: 0, stdout: 'pong', stderr: '' }, 3)).toThrow(
    /ping: no summary line: pong/,
  );
});

test('binds to the tunnel where it is told to', () => {
  const plan = { address: '192.168.2.10', count: 5 };
  expect(pingCommand({ ...plan, device: 'tun0' })).toEqual(expect.arrayContaining(['-I', 'tun0']));
  expect(pingCommand(plan)).not.toContain('-I');
});
