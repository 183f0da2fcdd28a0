import { expect, test } from 'vitest';
import { seededRandom } from '../host/random.ts';
import { authenticationOption } from './authentication.ts';
import type { PppAuthentication } from './config.ts';
import { LcpOptions } from './lcp.ts';
import { flagOption, LcpOptionType, type Option, uint16Option } from './option.ts';
import { clientConfig, serverConfig } from './testing/link-pair.ts';

const client = (accepts: PppAuthentication[] = ['ms-chap-v2', 'chap-md5']) =>
  new LcpOptions({ ...clientConfig, accepts }, seededRandom('1'));
const server = (authentication: PppAuthentication[]) =>
  new LcpOptions({ ...serverConfig, authentication }, seededRandom('2'));
const types = (options: readonly Option[]) => options.map((option) => option.type);
/** EAP, which this stack does not speak. */
const eap: Option = { type: LcpOptionType.authenticationProtocol, data: Uint8Array.of(0xc2, 0x27) };

test('the client asks for MRU, magic number, PFC and ACFC in the order of XP', () => {
  expect(types(client().request())).toEqual([1, 5, 7, 8]);
});

test('the server asks for MRU, authentication and magic number', () => {
  expect(types(server(['chap-md5']).request())).toEqual([1, 3, 5]);
  expect(types(server([]).request())).toEqual([1, 5]);
});

test('quality, FCS, callback, MRRU, short sequence numbers and unknown options are rejected, and they alone', () => {
  const bad = [4, 9, 13, 17, 18, 99].map((type) => ({ type, data: Uint8Array.of(1, 2) }));
  const good = [uint16Option(1, 1400), flagOption(7), flagOption(8), { type: 2, data: new Uint8Array(4) }];
  expect(server([]).judge(good)).toEqual({ answer: 'ack' });
  expect(server([]).judge([...good, ...bad])).toEqual({ answer: 'reject', options: bad });
});

test('known options of a wrong length are Nakked with right ones (RFC 1661 6)', () => {
  const wrong = [1, 2, 5].map((type) => ({ type, data: new Uint8Array(3) }));
  const judgement = server([]).judge(wrong);
  expect(judgement.answer).toBe('nak');
  if (judgement.answer !== 'nak') return;
  const lengths = judgement.options.map(({ type, data }) => [type, data.length]);
  expect(lengths).toEqual([
    [1, 2],
    [2, 4],
    [5, 4],
  ]);
});

test('options that have no value are rejected where they have one (RFC 1661 5.3)', () => {
  const wrong = [7, 8].map((type) => ({ type, data: new Uint8Array(3) }));
  expect(server([]).judge(wrong)).toEqual({ answer: 'reject', options: wrong });
});

test('a magic number of zero is Nakked, and never asked for (RFC 1661 6.4)', () => {
  const judgement = server([]).judge([{ type: LcpOptionType.magicNumber, data: new Uint8Array(4) }]);
  expect(judgement.answer === 'nak' && judgement.options[0]?.data.some((octet) => octet !== 0)).toBe(true);
  const unlucky = new LcpOptions(clientConfig, (length) => new Uint8Array(length));
  expect(unlucky.magicNumber.some((octet) => octet !== 0)).toBe(true);
});

test('the options of a list are asked for in its order, and what a Nak or a Reject names is dropped', () => {
  const options = new LcpOptions(
    {
      ...clientConfig,
      lcpOptions: [
        { option: 'async-control-character-map', map: 0 },
        { option: 'magic-number' },
        { option: 'mru' },
        { option: 'short-sequence-numbers' },
        { option: 'other', type: 23, data: '0e2d' },
        { option: 'mrru', octets: 1614 },
      ],
    },
    seededRandom('1'),
  );
  expect(types(options.request())).toEqual([2, 5, 1, 18, 23, 17]);
  options.nakked([uint16Option(17, 1500), { type: 2, data: Uint8Array.of(0, 0x0a, 0, 0) }]);
  options.rejected([flagOption(18)]);
  expect(types(options.request())).toEqual([2, 5, 1, 23]);
  expect(options.request()[0]?.data).toEqual(Uint8Array.of(0, 0x0a, 0, 0));
});

test('a server demands authentication whatever options it lists', () => {
  const config = { ...serverConfig, lcpOptions: [{ option: 'mru' }] } as const;
  expect(types(new LcpOptions(config, seededRandom('1')).request())).toEqual([1, 3]);
});

test('no option may come twice (RFC 1661 6)', () => {
  const [first, second] = [uint16Option(1, 1400), uint16Option(1, 1300)];
  expect(server([]).judge([first, second])).toEqual({ answer: 'reject', options: [second] });
});

test('an endpoint discriminator is taken if it has the length of its class (RFC 1990 5.1.3)', () => {
  const endpoint = (...data: number[]) => [{ type: 19, data: Uint8Array.from(data) }];
  for (const good of [endpoint(0), endpoint(1, ...Array(20).fill(7)), endpoint(2, 10, 0, 0, 1)]) {
    expect(server([]).judge(good)).toEqual({ answer: 'ack' });
  }
  for (const bad of [
    endpoint(),
    endpoint(0, 1),
    endpoint(1, ...Array(21).fill(7)),
    endpoint(2, 1),
    endpoint(6, 1),
  ]) {
    expect(server([]).judge(bad)).toEqual({ answer: 'reject', options: bad });
  }
});

test('an MRU too small is Nakked, and our own magic number is', () => {
  expect(server([]).judge([uint16Option(1, 64)])).toEqual({
    answer: 'nak',
    options: [uint16Option(1, 1500)],
  });
  const ours = client();
  const magic = { type: LcpOptionType.magicNumber, data: ours.magicNumber };
  const judgement = ours.judge([magic]);
  expect(judgement).toMatchObject({ answer: 'nak', options: [{ type: LcpOptionType.magicNumber }] });
  expect(judgement.answer === 'nak' && judgement.options[0]?.data).not.toEqual(ours.magicNumber);
});

test('the client acknowledges what it accepts, and Naks the rest with its best', () => {
  expect(client().judge([authenticationOption('chap-md5')])).toEqual({ answer: 'ack' });
  const options = [authenticationOption('ms-chap-v2')];
  expect(client(['ms-chap-v2']).judge([authenticationOption('chap-md5')])).toEqual({
    answer: 'nak',
    options,
  });
  expect(client().judge([eap])).toEqual({ answer: 'nak', options });
  expect(client([]).judge([eap])).toEqual({ answer: 'reject', options: [eap] });
});

test('a server is not to be authenticated', () => {
  const asked = [authenticationOption('chap-md5')];
  expect(server([]).judge(asked)).toEqual({ answer: 'reject', options: asked });
});

test('the server follows a Nak that names a later proposal', () => {
  const options = server(['chap-md5', 'ms-chap-v2']);
  expect(options.demanded).toBe('chap-md5');
  expect(options.nakked([authenticationOption('ms-chap-v2')])).toBe(true);
  expect(options.demanded).toBe('ms-chap-v2');
  expect(options.nakked([authenticationOption('chap-md5')])).toBe(false);
});

test('the server proposes its next one when the Nak names what it has not', () => {
  const options = server(['chap-md5', 'ms-chap-v2']);
  expect(options.nakked([eap])).toBe(true);
  expect(options.demanded).toBe('ms-chap-v2');
  expect(options.nakked([eap])).toBe(false);
  expect(options.refusal).toEqual({
    reason: 'auth-refused',
    detail: 'the peer refuses ms-chap-v2 and wants protocol c227',
  });
});

test('a peer that rejects authentication altogether gets no link', () => {
  const options = server(['chap-md5']);
  expect(options.rejected([authenticationOption('chap-md5')])).toBe(false);
  expect(options.refusal).toBeDefined();
});

test('rejected options are not asked for again, and a magic number not asked for is zero', () => {
  const options = client();
  expect(options.rejected([flagOption(7), { type: 5, data: options.magicNumber }])).toBe(true);
  expect(types(options.request())).toEqual([1, 8]);
  expect(options.magicNumber).toEqual(new Uint8Array(4));
});

test('the MRU is the smaller of both; a Nak lowers ours, and never raises it', () => {
  const options = client();
  expect(options.mru).toBe(1400);
  options.nakked([uint16Option(1, 1500)]);
  expect(options.mru).toBe(1400);
  options.nakked([uint16Option(1, 1300)]);
  expect(options.mru).toBe(1300);
  options.accepted([uint16Option(1, 1200)]);
  expect(options.mru).toBe(1200);
});
