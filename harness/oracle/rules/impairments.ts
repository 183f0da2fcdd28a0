import type { Outcome } from '../../expectation.ts';
import { responderIsBehindNat } from '../derived.ts';
import type { CellFacts, ImpairmentFacts } from '../facts.ts';
import { connect, type Rule, rule, source, stop } from '../rule.ts';

/** What comes of an impairment, by who plays it and with what. */
type Expected = Outcome | ((impairment: ImpairmentFacts, facts: CellFacts) => Outcome);

function impairmentRule(name: string, expected: Expected, of: string): Rule {
  const isMeant = ({ impairment }: CellFacts) => impairment?.name === name;
  return rule({
    id: `IMPAIR-${name.toUpperCase()}`,
    about: 'impairments',
    when: isMeant,
    outcome: (facts) => {
      if (typeof expected !== 'function') return expected;
      return facts.impairment === undefined ? connect : expected(facts.impairment, facts);
    },
    source: of,
    confidence: 'D',
  });
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

/** What a correct peer makes of one that misbehaves on request: of what the RFCs ask of a receiver. */
export const impairmentRules: readonly Rule[] = [
  impairmentRule('drop', connect, 'RFC 2408 section 5.1; RFC 2661 section 5.8'),
  impairmentRule('delay', connect, 'RFC 2408 section 5.1; RFC 2661 section 5.8'),
  impairmentRule('duplicate', connect, 'RFC 2408 section 5.1; RFC 2661 section 5.8'),
  impairmentRule('reorder', connect, 'RFC 2408 section 5.1; RFC 2661 section 5.8'),
  impairmentRule('wrong-nat-d', connect, 'RFC 3947 sections 3.2, 5.1'),
  impairmentRule('extra-nat-d', connect, 'RFC 3947 section 3.2'),
  impairmentRule('nat-d-wrong-order', connect, 'RFC 3947 section 3.2'),
  impairmentRule('no-nat-d', ofNoNatD, `RFC 3947 sections 3.2, 5.1; ${source.fieldFacts} A2`),
  impairmentRule('wrong-hash', ofWrongHash, 'RFC 2409 sections 5, 5.5; RFC 2408 section 5.10'),
  impairmentRule('wrong-identity', stop('phase1', 'id-mismatch'), `RFC 2407 section 4.6.2; ${source.howTo}`),
  impairmentRule('truncated-payload', silenceOfMainMode, 'RFC 2409 section 5'),
  impairmentRule('over-long-payload', silenceOfMainMode, 'RFC 2409 section 5'),
  impairmentRule('payload-length-lies', silenceOfMainMode, 'RFC 2408 section 5.1'),
  impairmentRule('reserved-not-zero', silenceOfMainMode, 'RFC 2408 section 5.3'),
  impairmentRule('unknown-payload', connect, 'RFC 2408 section 3.1'),
  impairmentRule('stale-message-id', connect, 'RFC 2409 section 5.7'),
  impairmentRule('repeated-message-id', connect, 'RFC 2409 section 5.5'),
  impairmentRule('wrong-cookie', connect, 'RFC 2408 section 5.2'),
  impairmentRule('unprotected-notify', connect, 'RFC 2408 sections 5.14, 5.15; RFC 2409 section 5.7'),
  impairmentRule('wrong-spi-in-delete', connect, 'RFC 2408 section 5.15'),
  impairmentRule('delete-at-once', stop('esp', 'deleted-by-peer'), 'RFC 2408 sections 3.15, 5.15'),
  impairmentRule('bad-padding', connect, 'RFC 4303 section 2.4'),
  impairmentRule('bad-icv', connect, 'RFC 4303 section 3.4.4'),
  impairmentRule('replayed-esp', connect, 'RFC 4303 section 3.4.3'),
  impairmentRule('stale-esp-sequence', connect, 'RFC 4303 section 3.4.3'),
  impairmentRule('l2tp-window-violation', connect, 'RFC 2661 section 5.8'),
  impairmentRule('l2tp-out-of-order', connect, 'RFC 2661 sections 5.2, 5.3'),
  impairmentRule(
    'l2tp-unknown-mandatory-avp',
    stop('l2tp-tunnel', 'no-policy'),
    'RFC 2661 sections 4.1, 4.4.2',
  ),
  impairmentRule('l2tp-wrong-tunnel-id', connect, 'RFC 2661 sections 3.1, 5.8'),
  // The link is ended only when it has been idle for longer than a cell lasts.
  impairmentRule('ppp-bad-magic', connect, 'RFC 1661 sections 5.8, 6.4'),
  impairmentRule('ppp-echo-silent', connect, 'RFC 1661 section 5.8'),
  impairmentRule('ppp-config-loop', stop('ppp-lcp', 'ppp-refused'), 'RFC 1661 section 4.6'),
  impairmentRule('wrong-chap-response', stop('ppp-auth', 'ppp-auth-failed'), 'RFC 1994 section 4.2'),
  impairmentRule('silent-at', ofSilence, 'RFC 2408 section 5.1; RFC 2661 section 5.8; RFC 1661 section 4.6'),
  impairmentRule('slow', connect, 'RFC 2408 section 5.1; RFC 2661 section 5.8; RFC 1661 section 4.6'),
];
