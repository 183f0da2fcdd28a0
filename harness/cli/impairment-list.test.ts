import { expect, test } from 'vitest';
import { impairments } from '../../stack/impairment/catalogue.ts';
import { impairmentsJson, impairmentsText } from './impairment-list.ts';

test('every impairment is named with its reason and what is expected of each end', () => {
  const text = impairmentsText();
  for (const { name, reason } of impairments) {
    expect(text).toContain(`\n${name}`.slice(name === impairments[0]?.name ? 1 : 0));
    expect(text).toContain(reason);
  }
  expect(text).toContain('drop[:exchange:message]');
  expect(text).toContain('by the client: stops at phase1: auth-failed; a correct peer refuses message 5');
  expect(text).toContain('ms: 1 to 60000 (usually 1500)');
});

test('programs get the same as JSON', () => {
  const rows: unknown = JSON.parse(impairmentsJson());
  expect(rows).toHaveLength(impairments.length);
  expect(rows).toContainEqual(expect.objectContaining({ name: 'silent-at', parameters: 'stage' }));
});
