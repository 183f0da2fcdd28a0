import { expect, test } from 'vitest';
import { includesTier, tierNamed, tiers } from './tier.ts';

test('a tier includes those before it and none after it', () => {
  const included = tiers.map((asked) => tiers.filter((tier) => includesTier(asked, tier)));
  expect(included).toEqual([['gate'], ['gate', 'pull-request'], ['gate', 'pull-request', 'nightly']]);
});

test('a tier that does not exist is a usage error with the nearest name', () => {
  expect(tierNamed('nightly')).toBe('nightly');
  expect(() => tierNamed('nighty')).toThrow(
    expect.objectContaining({
      code: 'usage',
      found: 'there is no tier "nighty"',
      remedy: 'Did you mean nightly? Known: gate, pull-request, nightly',
    }),
  );
});
