import { expect, test } from 'vitest';
import { newLifetime, shorten, wear } from './lifetime.ts';
import { isShorter, limitsIn, phase1Life, phase2Life, shorter } from './limits.ts';

const rekey = { marginSeconds: 60, marginKilobytes: 100, fuzz: 0.5, graceSeconds: 5 };
const constant = (octet: number) => (length: number) => new Uint8Array(length).fill(octet);
const limits = { lifetimeSeconds: 3600, lifetimeKilobytes: 1000 };

test('the soft limit lies before the end by the margin and up to its fuzz more', () => {
  const none = newLifetime(limits, rekey, constant(0), 1000);
  expect(none.expiresAt).toBe(1000 + 3_600_000);
  expect(none.rekeyAt).toBe(1000 + 3_540_000);
  expect([none.rekeyOctets, none.maximumOctets]).toEqual([900 * 1024, 1000 * 1024]);
  const most = newLifetime(limits, rekey, constant(0xff), 1000);
  expect(most.rekeyAt).toBeCloseTo(1000 + 3_510_000, -1);
  expect(most.rekeyOctets / 1024).toBeCloseTo(850, 3);
});

test('a margin as long as the life still leaves half of it', () => {
  const { rekeyAt, rekeyOctets } = newLifetime(
    { lifetimeSeconds: 50, lifetimeKilobytes: 10 },
    rekey,
    constant(0),
    0,
  );
  expect([rekeyAt, rekeyOctets]).toEqual([25_000, 5 * 1024]);
});

test('an end that does not rekey counts no kilobytes, and draws no randomness', () => {
  const drawn = () => {
    throw new Error('drawn');
  };
  const lifetime = newLifetime(limits, undefined, drawn, 0);
  expect(lifetime).toMatchObject({ rekeyAt: undefined, rekeyOctets: Infinity, maximumOctets: Infinity });
  expect(wear(lifetime, 1e12, 1e12)).toBe('fresh');
});

test('each direction wears an SA by itself; the soft limit is told once', () => {
  const lifetime = newLifetime(limits, rekey, constant(0), 0);
  expect(wear(lifetime, 899 * 1024, 899 * 1024)).toBe('fresh');
  expect(wear(lifetime, 0, 1024)).toBe('worn');
  expect(wear(lifetime, 2048, 0)).toBe('fresh');
  expect(wear(lifetime, 0, 100 * 1024)).toBe('used-up');
});

test('a shorter life shortens each limit, and a longer one none', () => {
  const lifetime = newLifetime(limits, rekey, constant(0), 0);
  const before = { ...lifetime };
  shorten(lifetime, newLifetime({ lifetimeSeconds: 7200, lifetimeKilobytes: 2000 }, rekey, constant(0), 0));
  expect(lifetime).toEqual(before);
  shorten(lifetime, newLifetime({ lifetimeSeconds: 1000, lifetimeKilobytes: 500 }, rekey, constant(0), 0));
  expect(lifetime).toMatchObject({ expiresAt: 1_000_000, rekeyAt: 940_000, maximumOctets: 500 * 1024 });
});

test('a duration belongs to the type before it, and one of nothing is none (RFC 2407 4.5)', () => {
  const tv = (type: number, value: number) => ({ form: 'TV', type, value }) as const;
  // SA Life Type is 1 and SA Life Duration 2 (RFC 2407 4.5); 1 is seconds and 2 kilobytes.
  expect(limitsIn([tv(1, 1), tv(2, 900), tv(1, 2), tv(2, 5000)], phase2Life)).toEqual({
    lifetimeSeconds: 900,
    lifetimeKilobytes: 5000,
  });
  expect(limitsIn([tv(1, 2), tv(2, 5000)], phase2Life)).toEqual({ lifetimeKilobytes: 5000 });
  expect(limitsIn([tv(2, 900), tv(1, 1), tv(2, 0), tv(1, 3), tv(2, 7)], phase2Life)).toEqual({});
  // Life Type is 11 and Life Duration 12 in phase 1 (RFC 2409 appendix A).
  expect(limitsIn([tv(11, 1), tv(12, 600), tv(1, 1), tv(2, 9)], phase1Life)).toEqual({
    lifetimeSeconds: 600,
  });
});

test('of two ends the shorter limit of each kind holds (rule PROP-7)', () => {
  expect(shorter({ lifetimeSeconds: 100 }, { lifetimeSeconds: 50, lifetimeKilobytes: 7 })).toEqual({
    lifetimeSeconds: 50,
    lifetimeKilobytes: 7,
  });
  expect(shorter(limits, {})).toEqual(limits);
  expect(isShorter(limits, limits)).toBe(false);
  expect(isShorter(limits, { lifetimeSeconds: 3600 })).toBe(true);
  expect(isShorter({ lifetimeSeconds: 3599 }, limits)).toBe(true);
});
