import { ExchangeType } from '../isakmp/exchange-type.ts';
import type { Payload } from '../isakmp/payload.ts';
import { withPayloads } from './clear-message.ts';
import { byClient, chosen, oneOf, plain, stops } from './define.ts';
import type { Behaviour, End, Impairment, Reaction, Values } from './impairment.ts';

/* What an end says of itself, and the proof of it (RFC 2409 5). */

function spoilHash(payload: Payload): Payload {
  return payload.payload === 'hash'
    ? { ...payload, data: payload.data.map((octet) => octet ^ 0xff) }
    : payload;
}

function spoilHashes(payloads: readonly Payload[]): readonly Payload[] | undefined {
  return payloads.some(({ payload }) => payload === 'hash') ? payloads.map(spoilHash) : undefined;
}

function spoiling(values: Values): Behaviour {
  const isPhase1 = chosen(values, 'phase') === 'phase1';
  return {
    sealing: ({ start: { exchangeType } }, payloads) => {
      const isMeant = isPhase1
        ? exchangeType === ExchangeType.identityProtection || exchangeType === ExchangeType.aggressive
        : exchangeType === ExchangeType.quickMode;
      return isMeant ? payloads.map(spoilHash) : payloads;
    },
    // HASH_R of aggressive mode goes in the clear (RFC 2409 5.4).
    ...(isPhase1 && { ike: (leaving) => withPayloads(leaving, spoilHashes) }),
  };
}

function reactionToHash(values: Values, end: End): Reaction {
  if (chosen(values, 'phase') === 'quick-mode') {
    return stops(
      'phase2',
      'no-answer',
      'drops a quick mode message that no hash vouches for, as if it had not come',
      {
        drop: 'malformed',
      },
    );
  }
  return end === 'client'
    ? stops('phase1', 'auth-failed', 'refuses message 5: whoever sent it does not know the key')
    : stops('phase1', 'no-answer', 'drops message 6 and goes on asking: it may be forged', {
        drop: 'malformed',
      });
}

export const authentication: readonly Impairment[] = [
  {
    name: 'wrong-hash',
    parameters: [oneOf('phase', ['phase1', 'quick-mode'], 'phase1')],
    reason:
      'A forger who guessed the rest, or a peer that hashes other octets than it sends: decrypts well, and proves nothing.',
    playedBy: () => ['client', 'responder'],
    reaction: reactionToHash,
    examples: ['wrong-hash', 'wrong-hash:quick-mode'],
    begin: spoiling,
  },
  plain({
    name: 'wrong-identity',
    reason:
      'A client that names an address which is not its own, as behind a NAT that nobody detected (rule NAT-6).',
    playedBy: byClient,
    reaction: stops(
      'phase1',
      'id-mismatch',
      'refuses an identity that is not the address which its packets come from, where no NAT explains it',
    ),
    begin: () => ({
      ikeConfig: (config) => ({ ...config, identity: { type: 'ipv4', address: '10.99.99.99' } }),
    }),
  }),
];
