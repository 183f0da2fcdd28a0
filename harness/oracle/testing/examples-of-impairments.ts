import type { ImpairmentFacts } from '../facts.ts';
import { type Example, impaired } from './example-parts.ts';

/** Who misbehaves, how, with which values, and what comes of it. */
const impairmentExamples: readonly [ImpairmentFacts['end'], string, readonly string[], string][] = [
  ['client', 'service-stopped', [], 'stop at reach: nothing-sent'],
  ['client', 'drop', ['main-mode', '5'], 'connect'],
  ['client', 'delay', ['main-mode', '5', '1500'], 'connect'],
  ['client', 'duplicate', ['main-mode', '5'], 'connect'],
  ['client', 'reorder', ['main-mode', '5'], 'connect'],
  ['client', 'wrong-nat-d', [], 'connect'],
  ['client', 'extra-nat-d', [], 'connect'],
  ['client', 'nat-d-wrong-order', [], 'connect'],
  ['client', 'no-nat-d', [], 'stop at phase2: no-proposal-chosen'],
  ['client', 'wrong-hash', ['phase1'], 'stop at phase1: auth-failed'],
  ['client', 'wrong-identity', [], 'stop at phase1: id-mismatch'],
  ['client', 'truncated-payload', [], 'stop at phase1: no-answer'],
  ['client', 'over-long-payload', [], 'stop at phase1: no-answer'],
  ['client', 'payload-length-lies', [], 'stop at phase1: no-answer'],
  ['client', 'reserved-not-zero', [], 'stop at phase1: no-answer'],
  ['client', 'unknown-payload', [], 'connect'],
  ['client', 'oversized', ['2000'], 'connect'],
  ['client', 'stale-message-id', [], 'connect'],
  ['client', 'repeated-message-id', [], 'connect'],
  ['client', 'wrong-cookie', [], 'connect'],
  ['client', 'unprotected-notify', [], 'connect'],
  ['client', 'wrong-spi-in-delete', [], 'connect'],
  ['responder', 'delete-at-once', [], 'stop at esp: deleted-by-peer'],
  // Without NAT no number says that ESP goes in UDP; where there is some, ESP-2's example has it.
  ['client', 'encapsulation-number', [], 'connect'],
  ['client', 'bad-padding', ['2'], 'connect'],
  ['client', 'bad-icv', ['2'], 'connect'],
  ['client', 'replayed-esp', [], 'connect'],
  ['client', 'stale-esp-sequence', [], 'connect'],
  ['client', 'l2tp-window-violation', [], 'connect'],
  ['client', 'l2tp-out-of-order', [], 'connect'],
  ['client', 'l2tp-unknown-mandatory-avp', [], 'stop at l2tp-tunnel: no-policy'],
  ['client', 'l2tp-wrong-tunnel-id', [], 'connect'],
  ['client', 'ppp-bad-magic', [], 'connect'],
  ['client', 'ppp-echo-silent', [], 'connect'],
  ['responder', 'ppp-config-loop', [], 'stop at ppp-lcp: ppp-refused'],
  ['client', 'wrong-chap-response', [], 'stop at ppp-auth: ppp-auth-failed'],
  ['responder', 'silent-at', ['l2tp-tunnel'], 'stop at l2tp-tunnel: no-answer'],
  ['responder', 'slow', ['700'], 'connect'],
];

/** For tests: a cell of each rule about a peer that misbehaves. */
export const examplesOfImpairments: Readonly<Record<string, Example>> = Object.fromEntries(
  impairmentExamples.map(([end, name, values, outcome]) => [
    `IMPAIR-${name.toUpperCase()}`,
    { speaks: impaired(end, name, ...values), outcome, silent: impaired(end, 'another', ...values) },
  ]),
);
