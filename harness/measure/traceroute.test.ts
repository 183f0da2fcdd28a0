import { expect, test } from 'vitest';
import { tracerouteResult } from './traceroute.ts';

const read = (stdout: string) => tracerouteResult({ exitCode: 0, stdout, stderr: '' });

// Real output of traceroute 2.1.2 (Debian bookworm), the box image's; the second with a hop before the silence.
test('reads the hops', () => {
  const text = 'traceroute to 127.0.0.1 (127.0.0.1), 5 hops max, 60 byte packets\n 1  127.0.0.1  0.036 ms\n';
  expect(read(text)).toEqual({ hops: ['127.0.0.1'] });
});

test('reads silence as *', () => {
  const head = 'traceroute to 10.9.9.2 (10.9.9.2), 3 hops max, 60 byte packets\n';
  expect(read(`${head} 1  10.9.8.1  0.5 ms\n 2  *\n 3  10.9.8.1  3004.1 ms !H\n`)).toEqual({
    hops: ['10.9.8.1', '*', '10.9.8.1'],
  });
});

test('passes on what traceroute says when it cannot send', () => {
  const stderr = 'setsockopt SO_BINDTODEVICE: No such device\n';
  expect(tracerouteResult({ exitCode: 1, stdout: '', stderr })).toEqual({
    hops: [],
    failure: 'traceroute: setsockopt SO_BINDTODEVICE: No such device',
  });
});

test.each([
  ['', /line 1: \(nothing\)/],
  ['traceroute to a (a), 3 hops max\n 1  what is this\n', /line 2: 1 {2}what is this/],
])('refuses %j and names the line', (text, complaint) => {
  expect(() => read(text)).toThrow(complaint);
});
