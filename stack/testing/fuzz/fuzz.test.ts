import { expect, test } from 'vitest';
import { decoded, malformed } from '../../decode.ts';
import { codec, roundTrip } from './codec.ts';
import { type Assignment, faultOf, fuzz } from './fuzz.ts';
import type { Target } from './target.ts';

/* Codecs with a bug each, which the fuzzer must find, and sound ones in which it must find nothing. */

const seeds = () => [Uint8Array.of(2, 7, 7), Uint8Array.of(4, 1, 2, 3, 4)];

/** A length, and so many octets behind it. */
function decode(input: Uint8Array) {
  const [length = 0] = input;
  return input.length === 0 || input.length < 1 + length
    ? malformed<Uint8Array>('truncated', 'Planted', 0, 'too short')
    : decoded(input.subarray(1, 1 + length));
}

const encode = (octets: Uint8Array) => Uint8Array.of(octets.length, ...octets);
const work = (target: Target, inputs = 3000): Assignment => {
  return { target: target.name, seed: 'planted', inputs, corpus: [] };
};
const faultsOf = (target: Target, inputs?: number) =>
  fuzz(target, work(target, inputs)).findings.map(({ fault }) => fault);

test('in a sound codec it finds nothing, and gives it as many inputs as it was asked to', () => {
  const sound = roundTrip('sound', '', seeds, decode, encode);
  expect(fuzz(sound, work(sound))).toEqual({ inputs: 3000, datagrams: 3000, findings: [], kept: [] });
});

test('the same seed gives the same inputs, another one others', () => {
  const inputsOf = (seed: string) => {
    const inputs: string[] = [];
    const target = codec('spied on', '', seeds, (input) => inputs.push(Buffer.from(input).toString('hex')));
    fuzz(target, { ...work(target, 300), seed });
    return inputs;
  };
  expect(inputsOf('one')).toEqual(inputsOf('one'));
  expect(inputsOf('one')).not.toEqual(inputsOf('two'));
});

test('an exception is found, told once, and its input becomes as small as can be', () => {
  const throwing = codec('throws', '', seeds, (input) => {
    if (input.includes(0xff)) throw new RangeError(`out of range at ${input.indexOf(0xff)}`);
  });
  const { findings } = fuzz(throwing, work(throwing));
  expect(findings).toMatchObject([{ target: 'throws', fault: 'throws', alone: true }]);
  expect(findings[0]?.message).toContain('out of range');
  expect(findings[0]?.input).toEqual(Uint8Array.of(0xff));
  expect(faultOf(throwing, Uint8Array.of(0xff))?.fault).toBe('throws');
  expect(faultOf(throwing, Uint8Array.of(0xfe))).toBeUndefined();
});

test('a round trip that loses something is found', () => {
  const losing = roundTrip('loses', '', seeds, decode, (octets) => encode(octets.subarray(0, 3)));
  expect(faultsOf(losing)).toEqual(['wrong']);
});

test('a codec that cannot read what it wrote is found', () => {
  const lying = roundTrip('lies', '', seeds, decode, (octets) => Uint8Array.of(octets.length + 1, ...octets));
  expect(faultsOf(lying)).toEqual(['wrong']);
});

test('an error that names a place outside of the input is found', () => {
  const lost = (input: Uint8Array) => {
    const read = decode(input);
    return read.ok ? read : malformed<Uint8Array>('truncated', 'Planted', input.length + 1, 'beyond the end');
  };
  expect(faultsOf(roundTrip('points beyond', '', seeds, lost, encode))).toEqual(['wrong']);
});

test('a value out of all proportion to its input is found', () => {
  const swelling = codec('swells', '', seeds, (input) =>
    input[0] === 0xff ? new Uint8Array(100_000) : input,
  );
  expect(faultsOf(swelling, 20_000)).toEqual(['grows']);
});

test('memory that inputs leave behind is found', () => {
  const kept: Uint8Array[] = [];
  const leaking = codec('leaks', '', seeds, () => kept.push(new Uint8Array(4096)));
  expect(faultsOf(leaking, 4000)).toEqual(['grows']);
});

/** Takes so many milliseconds of its thread's processor time, however fast the machine is. */
function dawdle(milliseconds: number): void {
  const before = process.threadCpuUsage();
  const taken = () => {
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  };
  while (taken() < milliseconds);
}

test('an input that takes too long is found', () => {
  const slow: Target = {
    ...codec('dawdles', '', seeds, (input) => {
      if (input[0] === 0) dawdle(20);
    }),
    deadlineMs: 1,
  };
  const [finding] = fuzz(slow, work(slow, 400)).findings;
  expect(finding).toMatchObject({ fault: 'slow', alone: true });
  expect(finding?.input[0]).toBe(0);
}, 60_000);

test('what only several inputs show is said to be so', () => {
  const remembering: Target = {
    ...codec('remembers', '', seeds, () => undefined),
    begin: () => {
      let taken = 0;
      return () => {
        if (++taken === 50) throw new RangeError('enough');
        return 1;
      };
    },
  };
  expect(fuzz(remembering, work(remembering, 60)).findings).toMatchObject([
    { fault: 'throws', alone: false },
  ]);
});

test('work ends when it is over', () => {
  let begun = 0;
  const target = codec('counted', '', seeds, () => undefined);
  const watch = { before: () => begun++, isOver: () => begun >= 10 };
  expect(fuzz(target, work(target), watch).inputs).toBe(10);
});
