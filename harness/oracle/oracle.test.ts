import { expect, test } from 'vitest';
import { CrossnatError } from '../error.ts';
import type { ScriptFacts } from './facts.ts';
import { expectationFor, ruleTable } from './oracle.ts';
import { connect, type Rule, ruleBy, stop } from './rule.ts';
import { exampleFacts } from './testing/example-facts.ts';

const whole: ScriptFacts = {
  permits: ['isakmp', 'isakmp_float', 'internet'],
  rules: [1, 2, 3],
  has3des: true,
  knowsNatTraversal: true,
  translatesUsers: true,
};

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

test('the error names the cell', () => {
  const table = [stopping('ONE', 'phase1', 'auth-failed'), stopping('TWO', 'phase1', 'id-mismatch')];
  expect(() => expectationFor(exampleFacts(), table, 'hotel-nat/natt=off')).toThrow('hotel-nat/natt=off');
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
    { check: 'nat-seen', byClient: 'neither', byResponder: 'neither' },
    { check: 'phase1-transform', transform: 'des-sha1-modp768' },
    { check: 'phase2-transform', transform: '3des-sha1' },
  ]);
  const unauthenticated = expectationFor(exampleFacts({ credentials: { preSharedKeysAgree: false } }));
  // Message 5 is about what 3 and 4 have shown already.
  expect(unauthenticated.checks.map(({ check }) => check)).toEqual(['nat-seen']);
  const unreached = expectationFor(
    exampleFacts({ placement: { responderNat: { udp500: false, udp4500: true, esp: false } } }),
  );
  expect(unreached.checks).toEqual([]);
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

test('no two rules about filters, scripts, ESP and PPP contradict each other in any combination', () => {
  const filters = [
    undefined,
    [],
    ['udp 500'],
    ['udp 500', 'udp 4500'],
    ['udp 500', 'udp 4500', 'tcp 50'],
    ['udp 500', 'esp'],
    ['udp 500', 'udp 4500', 'esp', 'ah', 'udp 1701'],
  ];
  const scripts: (Partial<ScriptFacts> | undefined)[] = [
    undefined,
    {},
    { permits: ['internet'] },
    { permits: ['isakmp'] },
    { permits: ['isakmp_float'] },
    { rules: [1, 3] },
    { rules: [2] },
    { has3des: false },
    { knowsNatTraversal: false },
  ];
  const nats = [0, 1].flatMap((clientNats) =>
    (['mapped', 'out-only', 'dropped'] as const).map((clientNatEsp) => ({ clientNats, clientNatEsp })),
  );
  let decided = 0;
  for (const permits of filters) {
    for (const script of scripts) {
      for (const nat of nats) {
        for (let bits = 0; bits < 256; bits++) {
          const bit = (at: number) => (bits & (1 << at)) !== 0;
          const facts = exampleFacts({
            placement: {
              ...nat,
              ...(permits && { filter: { permits } }),
              ...(bit(0) && { dialledAddressIsOld: true }),
              ...(bit(1) && { clientHasOfficeSubnet: true }),
            },
            client: {
              ...(bit(2) && { natTraversal: [] }),
              ...(bit(3) && { phase2: ['aes256-sha256_96'] }),
              innerChecksum: bit(4),
              ...(bit(5) && { authentication: ['ms-chap-v2'], securityTab: 'b' }),
            },
            responder: {
              ...(script && { script: { ...whole, ...script } }),
              ...(script?.has3des === false && { phase2: ['des-sha1', 'des-md5'] }),
              ...(bit(3) && { phase2: ['aes256-sha256'] }),
              ...(bit(6) && { pfs: ['modp1024'] }),
              checksPeerIdentity: false,
              maximumTunnels: 1,
            },
            credentials: { passwordIsRight: bit(7) },
            clients: 2,
            place: 1,
          });
          // Throws where two rules contradict each other, which fails this test, or where none speaks of a connection's placement.
          expectationFor(facts, ruleTable);
          decided++;
        }
      }
    }
  }
  expect(decided).toBe(filters.length * scripts.length * nats.length * 256);
});
