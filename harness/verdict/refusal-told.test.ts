import { expect, test } from 'vitest';
import { checkResult } from './checks.ts';
import { incomplete, stopped, unanswered } from './testing/example-evidence.ts';

const refused = { stage: 'phase1', reason: 'no-proposal-chosen' } as const;
const heard = stopped(refused, refused, incomplete);
const silent = stopped({ stage: 'reach', reason: 'no-answer' }, refused, {
  ...incomplete,
  ...unanswered('main mode 1', 4, ['access', 'internet', 'interconn']),
});
/** Another one's log need not have what it heard. */
const unclear = stopped({ stage: 'phase1', reason: 'unknown' }, refused, incomplete);

// RFC 2408 5.4 leaves a notify open; the responder declares whether it sends one.
test.each([
  ['a notify that is declared comes', true, heard, true],
  ['a notify that is declared does not come', true, silent, false],
  ['silence that is declared', false, silent, true],
  ['a notify that is not declared comes', false, heard, false],
  ['what came is not what the client heard', true, { ...heard, client: silent.client }, false],
  ['the client says more than came', false, { ...silent, client: heard.client }, false],
  ['the client cannot tell what it heard', true, unclear, true],
  ['nothing was captured', true, { ...heard, wire: undefined }, false],
])('%s', (_, expected, evidence, ok) => {
  expect(checkResult({ check: 'refusal-told', expected }, evidence).ok).toBe(ok);
});

test('it says what was seen', () => {
  expect(checkResult({ check: 'refusal-told', expected: true }, silent)).toEqual({
    check: 'refusal-told true',
    ok: false,
    detail: 'main mode 1 was not answered, the client says no-answer',
  });
});
