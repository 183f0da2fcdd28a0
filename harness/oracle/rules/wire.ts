import { connect, type Rule, rule, source } from '../rule.ts';

export const wireRules: readonly Rule[] = [
  rule({
    id: 'WIRE-1',
    about: 'wire',
    when: (facts) => facts.impairment === undefined,
    outcome: connect,
    checks: ({ client }) => [
      ...(client.aggressive ? [] : [{ check: 'main-mode-messages', count: 6 } as const]),
      // The fourth message comes with the commit bit.
      { check: 'quick-mode-messages', counts: [3, 4] },
    ],
    source: `RFC 2409 section 5; ${source.vpnPost}`,
    confidence: 'V',
  }),
];
