import type { Outcome } from '../../expectation.ts';
import { policyIsFound, responderIsBehindNat, takesOtherEncapsulation } from '../derived.ts';
import type { CellFacts, ImpairmentFacts } from '../facts.ts';
import { connect, type Rule, rule, stop } from '../rule.ts';

/** What comes of an impairment, by who plays it and with what. */
type Expected = Outcome | ((impairment: ImpairmentFacts, facts: CellFacts) => Outcome);

function impairmentRule(name: string, expected: Expected, beginnings?: Rule['beginnings']): Rule {
  return rule(`IMPAIR-${name.toUpperCase()}`, {
    ...(beginnings && { beginnings }),
    when: ({ impairment }) => impairment?.name === name,
    outcome: (facts) => {
      if (typeof expected !== 'function') return expected;
      return facts.impairment === undefined ? connect : expected(facts.impairment, facts);
    },
  });
}

/** One after which the connection goes on, once the other end has dropped something for this reason. */
function droppedRule(name: string, reason: string): Rule {
  return {
    ...impairmentRule(name, connect),
    checks: ({ impairment }) => {
      const end = impairment?.end === 'client' ? 'responder' : 'client';
      return [{ check: 'dropped', end, reason }];
    },
  };
}

const silenceOfMainMode = stop('phase1', 'no-answer');

/** A wrong HASH_I is refused by who can say so; what else is wrong is not answered, for it may be forged. */
function ofWrongHash({ end, values: [phase] }: ImpairmentFacts): Outcome {
  if (phase === 'quick-mode') return stop('phase2', 'no-answer');
  return end === 'client' ? stop('phase1', 'auth-failed') : silenceOfMainMode;
}

/**
 * Without NAT-T nobody takes ESP in UDP, or gives it to who wants it. A responder behind NAT that compares addresses
 * sees before that that the one which was dialled is not its own.
 */
function ofNoNatD({ end }: ImpairmentFacts, facts: CellFacts): Outcome {
  const comparesAddresses = facts.responder.checksQuickModeAddresses && responderIsBehindNat(facts);
  return stop('phase2', end === 'client' && comparesAddresses ? 'id-mismatch' : 'no-proposal-chosen');
}

/** Only a strict responder minds, and only where ESP goes in UDP (rule ESP-2). */
function ofEncapsulationNumber(_: ImpairmentFacts, facts: CellFacts): Outcome {
  const isRefused = policyIsFound(facts) && !takesOtherEncapsulation(facts);
  return isRefused ? stop('phase2', 'no-proposal-chosen') : connect;
}

/** The step that waits for the dead end is the first that is not completed. */
function ofSilence({ end, values: [stage] }: ImpairmentFacts): Outcome {
  switch (stage) {
    case 'reach':
      return end === 'client' ? stop('reach', 'no-answer') : silenceOfMainMode;
    case 'l2tp-tunnel':
      return end === 'client' ? stop('esp', 'esp-never-sent') : stop('l2tp-tunnel', 'no-answer');
    case 'traffic':
      return stop('traffic', 'no-traffic');
    case 'teardown':
      return stop('teardown', 'state-left-behind');
    case 'phase1':
    case 'phase2':
    case 'l2tp-session':
    case 'ppp-lcp':
    case 'ppp-auth':
    case 'ppp-ipcp':
      return stop(stage, 'no-answer');
    default:
      return connect;
  }
}

/** What a correct peer makes of one that misbehaves on request. */
export const impairmentRules: readonly Rule[] = [
  impairmentRule('service-stopped', stop('reach', 'nothing-sent'), ['nothing']),
  impairmentRule('drop', connect),
  impairmentRule('delay', connect),
  impairmentRule('duplicate', connect),
  impairmentRule('reorder', connect),
  impairmentRule('wrong-nat-d', connect),
  impairmentRule('extra-nat-d', connect),
  impairmentRule('nat-d-wrong-order', connect),
  impairmentRule('no-nat-d', ofNoNatD),
  impairmentRule('wrong-hash', ofWrongHash),
  impairmentRule('wrong-identity', stop('phase1', 'id-mismatch')),
  impairmentRule('truncated-payload', silenceOfMainMode),
  impairmentRule('over-long-payload', silenceOfMainMode),
  impairmentRule('payload-length-lies', silenceOfMainMode),
  impairmentRule('reserved-not-zero', silenceOfMainMode),
  impairmentRule('unknown-payload', connect),
  // What becomes of the parts is the NAT's matter (NAT-22).
  impairmentRule('oversized', connect),
  droppedRule('stale-message-id', 'unexpected'),
  droppedRule('repeated-message-id', 'unexpected'),
  droppedRule('wrong-cookie', 'unexpected'),
  impairmentRule('unprotected-notify', connect),
  impairmentRule('wrong-spi-in-delete', connect),
  impairmentRule('delete-at-once', stop('esp', 'deleted-by-peer')),
  impairmentRule('encapsulation-number', ofEncapsulationNumber),
  droppedRule('bad-padding', 'bad-padding'),
  droppedRule('bad-icv', 'bad-icv'),
  droppedRule('replayed-esp', 'replayed'),
  droppedRule('stale-esp-sequence', 'replayed'),
  droppedRule('l2tp-window-violation', 'unexpected'),
  impairmentRule('l2tp-out-of-order', connect),
  impairmentRule('l2tp-unknown-mandatory-avp', stop('l2tp-tunnel', 'no-policy')),
  impairmentRule('l2tp-wrong-tunnel-id', connect),
  // The link is ended only when it has been idle for longer than a cell lasts.
  impairmentRule('ppp-bad-magic', connect),
  impairmentRule('ppp-echo-silent', connect),
  impairmentRule('ppp-config-loop', stop('ppp-lcp', 'ppp-refused')),
  impairmentRule('wrong-chap-response', stop('ppp-auth', 'ppp-auth-failed')),
  impairmentRule('silent-at', ofSilence),
  impairmentRule('slow', connect),
];
