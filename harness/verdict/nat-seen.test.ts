import { expect, test } from 'vitest';
import { checkResult } from './checks.ts';
import { client, connected, noForwards, responder } from './testing/example-evidence.ts';

/** As an end tells it, of itself and of its peer. */
const saw = (localBehindNat: boolean, peerBehindNat: boolean) => ({
  natSeen: { localBehindNat, peerBehindNat },
});
const both = (atClient: object, atResponder: object) =>
  connected({ client: { ...client, ...atClient }, responder: { ...responder, ...atResponder } });
/** RFC 3947 3.2 in a cell whose responder is behind NAT. */
const check = { check: 'nat-seen', byClient: 'responder', byResponder: 'responder' } as const;

test.each([
  ['both tell what is so', both(saw(false, true), saw(true, false))],
  ['a responder that cannot tell is left out', both(saw(false, true), {})],
  ['a client that cannot tell is left out', both({}, saw(true, false))],
  ['main mode ended before anything was shown', noForwards(4)],
])('holds: %s', (_, evidence) => {
  expect(checkResult(check, evidence)).toMatchObject({ ok: true });
});

test.each([
  [
    'the responder sees none',
    both(saw(false, true), saw(false, false)),
    'the client sees responder behind NAT, the responder sees neither behind NAT',
  ],
  [
    'the client takes it for its own',
    both(saw(true, false), saw(true, false)),
    'the client sees client behind NAT, the responder sees responder behind NAT',
  ],
  [
    'both see one too many',
    both(saw(true, true), saw(true, true)),
    'the client sees both behind NAT, the responder sees both behind NAT',
  ],
  [
    'a responder that alone can tell is wrong',
    both({}, saw(false, true)),
    'the responder sees client behind NAT',
  ],
  ['nobody tells of a whole phase 1', connected(), 'nobody tells'],
])('says no: %s', (_, evidence, detail) => {
  expect(checkResult(check, evidence)).toEqual({ check: 'nat-seen responder responder', ok: false, detail });
});

test('an end that is deceived may see anything', () => {
  const deceived = { ...check, byResponder: 'any' } as const;
  expect(checkResult(deceived, both(saw(false, true), saw(true, true))).ok).toBe(true);
  expect(checkResult(deceived, both(saw(false, false), saw(true, true))).ok).toBe(false);
});
