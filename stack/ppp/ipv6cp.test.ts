import { expect, test } from 'vitest';
import { seededRandom } from '../host/random.ts';
import { Ipv6cpOptions } from './ipv6cp.ts';
import type { Option } from './option.ts';

const identifier = (...octets: number[]): Option => ({ type: 1, data: Uint8Array.from(octets) });
const peer = identifier(2, 0, 0, 0, 0, 0, 0, 1);

test('an end asks for an identifier of 8 octets that is not zero and not globally unique (RFC 5072 4.1)', () => {
  for (let seed = 0; seed < 20; seed++) {
    const [asked, more] = new Ipv6cpOptions(seededRandom(`${seed}`)).request();
    expect([asked?.type, asked?.data.length, more]).toEqual([1, 8, undefined]);
    expect((asked?.data[0] ?? 2) & 2).toBe(0);
  }
});

test('the identifier of the peer is taken, but zero, our own and a wrong length are Nakked with another (RFC 5072 4.1)', () => {
  const options = new Ipv6cpOptions(seededRandom('1'));
  const own = options.request();
  expect(options.judge([peer])).toEqual({ answer: 'ack' });
  for (const odd of [[identifier(0, 0, 0, 0, 0, 0, 0, 0)], own, [identifier(1)]]) {
    const judgement = options.judge(odd);
    expect(judgement.answer).toBe('nak');
    if (judgement.answer === 'nak') expect(judgement.options).not.toEqual(own);
  }
});

test('compression and unknown options are rejected (RFC 5072 4.2)', () => {
  const compression = { type: 2, data: Uint8Array.of(0, 0x61) };
  expect(new Ipv6cpOptions(seededRandom('1')).judge([peer, compression])).toEqual({
    answer: 'reject',
    options: [compression],
  });
});

test('an identifier that a Nak names is taken; where it is ours or zero another is drawn', () => {
  const options = new Ipv6cpOptions(seededRandom('1'));
  options.nakked([peer]);
  expect(options.request()).toEqual([peer]);
  for (const odd of [peer, identifier(0, 0, 0, 0, 0, 0, 0, 0)]) {
    const before = options.request();
    options.nakked([odd]);
    expect(options.request()).not.toEqual(before);
    expect(options.request()).not.toEqual([odd]);
  }
  expect(options.rejected()).toBe(false);
});
