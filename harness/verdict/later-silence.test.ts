import { expect, test } from 'vitest';
import { judge } from './judge.ts';
import { outcomeOf } from './outcome.ts';
import { connected, stopped, traffic } from './testing/example-evidence.ts';

// RFC 1661 4.6, RFC 2661 5.8: who is not answered gives up; that nobody answered is seen on the wire.
test.each(['l2tp-session', 'ppp-lcp', 'ppp-auth', 'ppp-ipcp'] as const)(
  'a responder that fell silent at %s: the client says so, and its ESP went up in vain',
  (stage) => {
    const word = { stage, reason: 'no-answer' } as const;
    expect(outcomeOf(stopped(word, word, { espUnanswered: 3 }))).toMatchObject({
      stage,
      reason: 'no-answer',
    });
    // Two packets are no silence, and neither is a wire on which each was answered.
    for (const espUnanswered of [0, 2]) {
      expect(outcomeOf(stopped(word, word, { espUnanswered }))).toMatchObject({
        stage,
        reason: 'unknown',
      });
    }
  },
);

test('where no traffic is to pass, the proof that fails is what was expected', () => {
  const nothing = { sent: 3, received: 0 };
  const evidence = {
    ...connected(),
    traffic: { ...traffic, pingToServer: nothing, pingToClient: nothing, bytesEachWay: 0 },
  };
  const rules = { checks: [], rules: [], disputed: false };
  const judged = (outcome: Parameters<typeof judge>[0]['outcome']) =>
    judge({ outcome, ...rules }, evidence).verdict;
  expect(judged({ kind: 'stop', stage: 'traffic', reason: 'no-traffic' })).toBe('pass');
  expect(judged({ kind: 'connect' })).toBe('fail');
});
