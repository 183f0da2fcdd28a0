import { expect, test } from 'vitest';
import type { Ending } from '../observation.ts';
import { checkResult } from './checks.ts';
import { client, connected, responder } from './testing/example-evidence.ts';

/** As [MS-L2TPIE] has it of Windows: LCP Terminate, CDN, StopCCN; then the deletes of phases 2 and 1. */
const check = {
  check: 'ends-told',
  layers: ['ppp', 'l2tp-session', 'l2tp-tunnel', 'phase2', 'phase1'],
} as const;
const saidAll: Ending = { said: ['ppp', 'l2tp-session', 'l2tp-tunnel'], heard: [], acknowledged: true };
const heardAll: Ending = { said: [], heard: [...check.layers] };

const told = (ofClient: Ending | undefined, ofResponder: Ending | undefined) =>
  checkResult(
    check,
    connected({
      client: { ...client, ...(ofClient && { ending: ofClient }) },
      responder: { ...responder, ...(ofResponder && { ending: ofResponder }) },
    }),
  );

test('holds where each was said and heard, and StopCCN acknowledged', () => {
  expect(told(saidAll, heardAll)).toMatchObject({ ok: true });
});

test.each<[what: string, ofClient: Ending | undefined, ofResponder: Ending | undefined, detail: string]>([
  [
    'a client that ends L2TP without a word',
    { said: ['ppp'], heard: [] },
    { said: [], heard: ['ppp', 'phase2', 'phase1'] },
    'the client does not say that it ended l2tp-session, l2tp-tunnel; the responder heard of no end of l2tp-session, l2tp-tunnel; StopCCN was not acknowledged',
  ],
  [
    'a responder that overhears StopCCN, and acknowledges it',
    saidAll,
    { said: [], heard: ['ppp', 'l2tp-session', 'phase2', 'phase1'] },
    'the responder heard of no end of l2tp-tunnel',
  ],
  [
    'a StopCCN that stays unacknowledged',
    { ...saidAll, acknowledged: false },
    heardAll,
    'StopCCN was not acknowledged',
  ],
  [
    'SAs that are not deleted',
    saidAll,
    { said: [], heard: ['ppp', 'l2tp-session', 'l2tp-tunnel'] },
    'the responder heard of no end of phase2, phase1',
  ],
  ['a client that was not asked', undefined, heardAll, 'not observed'],
  ['a responder that was not asked', saidAll, undefined, 'not observed'],
])('says no: %s', (_, ofClient, ofResponder, detail) => {
  expect(told(ofClient, ofResponder)).toMatchObject({ ok: false, detail });
});

test('nobody is asked for more than the client declares', () => {
  const alone = { check: 'ends-told', layers: ['ppp'] } as const;
  const evidence = connected({
    client: { ...client, ending: { said: ['ppp'], heard: [] } },
    responder: { ...responder, ending: { said: [], heard: ['ppp'] } },
  });
  expect(checkResult(alone, evidence).ok).toBe(true);
});
