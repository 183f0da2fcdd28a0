import type { Payload } from '../isakmp/payload.ts';
import { isPhase1, withPayloads } from './clear-message.ts';
import { either, plain, stops } from './define.ts';
import { type Behaviour, unchanged } from './impairment.ts';

/* What an end says of NAT in messages 3 and 4 of main mode (RFC 3947 3.2). */

type NatD = Extract<Payload, { payload: 'nat-d' }>;

function isNatD(payload: Payload): payload is NatD {
  return payload.payload === 'nat-d';
}

/** Other NAT-D payloads in place of the sender's; a message without any stays as it is. */
function withNatD(change: (own: readonly NatD[]) => readonly NatD[]): () => Behaviour {
  const changed = (payloads: readonly Payload[]) => {
    const own = payloads.filter(isNatD);
    const others = payloads.filter((payload) => !isNatD(payload));
    return own.length === 0 ? undefined : [...others, ...change(own)];
  };
  return () => ({
    ike: (leaving) => (isPhase1(leaving) ? withPayloads(leaving, changed) : unchanged(leaving)),
  });
}

const spoilt = ({ data, ...natD }: NatD): NatD => ({ ...natD, data: data.map((octet) => octet ^ 0xff) });

export const natDetection = [
  plain({
    name: 'wrong-nat-d',
    reason:
      'A peer that forces encapsulation, or a middle box that rewrites payloads: no NAT-D matches any address.',
    playedBy: either,
    reaction: {
      kind: 'ignores',
      words: 'believes that both ends are behind NAT, puts ESP into UDP and connects',
    },
    begin: withNatD((own) => own.map(spoilt)),
  }),
  plain({
    name: 'extra-nat-d',
    reason:
      'A peer with several addresses sends one NAT-D for each (RFC 3947 3.2): more than two must be taken.',
    playedBy: either,
    reaction: { kind: 'ignores', words: 'is content with any one that matches, and connects' },
    begin: withNatD((own) => {
      const [destination, ...sources] = own;
      return destination === undefined ? own : [destination, ...own.map(spoilt), ...sources];
    }),
  }),
  plain({
    name: 'nat-d-wrong-order',
    reason:
      'A peer that names its own address first and the other one after it, as implementations of drafts did.',
    playedBy: either,
    reaction: {
      kind: 'ignores',
      words: 'sees NAT at either end where the order is not its own, and connects over UDP',
    },
    begin: withNatD((own) => own.toReversed()),
  }),
  plain({
    name: 'no-nat-d',
    reason:
      'A peer that names NAT-T in its vendor ids and then sends no NAT-D: it has agreed and does not do it.',
    playedBy: either,
    reaction: stops(
      'phase2',
      'no-proposal-chosen',
      'does without NAT-T: it takes no ESP in UDP, and offers none to who wants it',
    ),
    begin: withNatD(() => []),
  }),
];
