import type { Fact } from '../../../stack/fact.ts';

/** "The same message repeated three times unanswered": the fourth transmission shows that three were. */
const unansweredTransmissions = 3;

/**
 * Follows the facts of a client that was told to connect and says when the matter is decided: an
 * explicit refusal or end, or one message repeated without an answer. A link that is up is the other end.
 */
export class ConnectionEnd {
  #withheld = 0;

  /** Whether this fact decides that the connection will not come about. */
  decides(fact: Fact): boolean {
    switch (fact.fact) {
      case 'ike-failed':
      case 'l2tp-failed':
      case 'ppp-failed':
        return true;
      case 'closed':
        // A client that withholds ESP replaces its own SA at each attempt, and goes on.
        return fact.by !== 'local';
      case 'ike-message':
      case 'l2tp-message':
        return fact.direction === 'sent' && fact.transmission > unansweredTransmissions;
      case 'esp-withheld':
        // Each attempt of L2TP is withheld once: what would have been three unanswered messages.
        this.#withheld += 1;
        return this.#withheld >= unansweredTransmissions;
      default:
        return false;
    }
  }
}
