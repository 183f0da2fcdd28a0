import { expect, test } from 'vitest';
import { CrossnatError } from '../error.ts';
import { expectationFor, ruleTable } from './oracle.ts';
import { connect, type Rule, ruleBy, stop } from './rule.ts';
import { exampleFacts } from './testing/example-facts.ts';

/** A table that this test needs: rules that apply always. */
const always = (
  id: string,
  parts: Partial<Pick<Rule, 'outcome' | 'checks' | 'disputed' | 'isAboutPlacement'>>,
): Rule => ({
  ...ruleBy({ id, source: 'a test', confidence: 'V' }, { when: () => true, outcome: connect }),
  isAboutPlacement: true,
  ...parts,
});
const stopping = (id: string, ...at: Parameters<typeof stop>) => always(id, { outcome: () => stop(...at) });

test('the earliest stage wins, and only the rules that say so are named', () => {
  const table = [
    stopping('LATE', 'ppp-auth', 'ppp-auth-failed'),
    always('GO', {}),
    stopping('EARLY', 'phase1', 'auth-failed'),
    stopping('ALSO', 'phase1', 'auth-failed'),
  ];
  const { outcome, rules } = expectationFor(exampleFacts(), table);
  expect(outcome).toEqual({ kind: 'stop', stage: 'phase1', reason: 'auth-failed' });
  expect(rules).toEqual([
    { id: 'EARLY', source: 'a test', confidence: 'V' },
    { id: 'ALSO', source: 'a test', confidence: 'V' },
  ]);
});

test('two different answers at the same stage are an error of the table', () => {
  const table = [stopping('ONE', 'phase1', 'auth-failed'), stopping('TWO', 'phase1', 'id-mismatch')];
  expect(() => expectationFor(exampleFacts(), table)).toThrow(
    'ONE says stop at phase1: auth-failed and TWO says stop at phase1: id-mismatch',
  );
  expect(() => expectationFor(exampleFacts(), table)).toThrow(CrossnatError);
});

test('they are none where an earlier stage decides', () => {
  const table = [
    stopping('ONE', 'phase2', 'no-policy'),
    stopping('TWO', 'phase2', 'id-mismatch'),
    stopping('FIRST', 'reach', 'no-answer'),
  ];
  expect(expectationFor(exampleFacts(), table).rules.map(({ id }) => id)).toEqual(['FIRST']);
});

test('checks that contradict each other are an error of the table', () => {
  const checking = (id: string, ...checks: ReturnType<Rule['checks']>) =>
    always(id, { checks: () => checks });
  const transforms = [
    checking('ONE', { check: 'phase1-transform', transform: '3des-sha1-modp1024' }),
    checking('TWO', { check: 'phase1-transform', transform: 'des-sha1-modp768' }),
  ];
  expect(() => expectationFor(exampleFacts(), transforms)).toThrow(
    'ONE and TWO check phase1-transform differently',
  );
  const carriers = [
    checking('ONE', { check: 'esp-in-udp' }),
    checking('TWO', { check: 'esp-as-protocol-50' }),
  ];
  expect(() => expectationFor(exampleFacts(), carriers)).toThrow(
    'ONE checks esp-in-udp and TWO esp-as-protocol-50',
  );
  const same = [checking('ONE', { check: 'nothing-left' }), checking('TWO', { check: 'nothing-left' })];
  expect(expectationFor(exampleFacts(), same).checks).toEqual([{ check: 'nothing-left' }]);
});

test('a cell whose placement no rule speaks of has no expectation', () => {
  const table = [always('PROP', { isAboutPlacement: false })];
  expect(() => expectationFor(exampleFacts(), table)).toThrow(
    'no rule speaks of where client and responder stand',
  );
});

test('after a stop only what was settled before it is checked', () => {
  const { checks } = expectationFor(exampleFacts({ credentials: { passwordIsRight: false } }));
  expect(checks).toEqual([
    { check: 'port-float', expected: false },
    { check: 'phase1-transform', transform: 'des-sha1-modp768' },
    { check: 'phase2-transform', transform: '3des-sha1' },
  ]);
  const unauthenticated = expectationFor(exampleFacts({ credentials: { preSharedKeysAgree: false } }));
  expect(unauthenticated.checks).toEqual([]);
});

test('the choice rule decides between several common transforms (rule PROP-1)', () => {
  const phase2 = (choice: 'initiator-order' | 'responder-order') =>
    expectationFor(exampleFacts({ responder: { choice } })).checks.find(
      (check) => check.check === 'phase2-transform',
    );
  // Windows XP offers 3DES-MD5 first, the How-To's bundle prefers 3DES-SHA1.
  expect(phase2('initiator-order')).toMatchObject({ transform: '3des-md5' });
  expect(phase2('responder-order')).toMatchObject({ transform: '3des-sha1' });
});

test('no two rules contradict each other in any combination of what cells vary', () => {
  const placements = [0, 1, 2].flatMap((clientNats) =>
    (['mapped', 'out-only', 'dropped'] as const).flatMap((clientNatEsp) =>
      [undefined, [true, true, false], [true, false, false], [false, false, false], [true, true, true]].map(
        (nat) => {
          const [udp500 = true, udp4500 = true, esp = true] = nat ?? [];
          return { clientNats, clientNatEsp, ...(nat && { responderNat: { udp500, udp4500, esp } }) };
        },
      ),
    ),
  );
  const natTraversals = [[], ['draft-02n'], ['rfc3947']];
  let decided = 0;
  for (const placement of placements) {
    for (const client of natTraversals) {
      for (const responder of natTraversals) {
        for (const [lport, rport] of [[1701], [undefined, 1701], []]) {
          for (let bits = 0; bits < 64; bits++) {
            const bit = (at: number) => (bits & (1 << at)) !== 0;
            const facts = exampleFacts({
              placement,
              client: {
                natTraversal: client,
                natRule: { value: bit(0) ? 0 : 1, family: 'xp-sp2', reading: bit(1) ? 'a' : 'b' },
                ...(bit(2) && { phase2: ['aes128-sha1'] }),
              },
              responder: {
                natTraversal: responder,
                checksPeerIdentity: bit(3),
                checksQuickModeAddresses: bit(4),
                ports: { ...(lport && { lport }), ...(rport && { rport }) },
              },
              credentials: { preSharedKeysAgree: bit(5) },
            });
            // Throws where two rules contradict each other, which fails this test: no `expect` for each of 77 760.
            expectationFor(facts, ruleTable);
            decided++;
          }
        }
      }
    }
  }
  expect(decided).toBe(placements.length * 9 * 3 * 64);
});
