import { expect, test } from 'vitest';
import { type Cell, cell } from '../../../cell.ts';
import { loadTopology } from '../../../topologies.ts';
import { exampleSettings } from '../../testing/settings.ts';
import { compileScript, scriptContext, scriptFor } from './compile.ts';
import { editedFor, unsupportedByAlliedWare } from './edits.ts';

const settings = {
  ...exampleSettings('198.18.2.10'),
  preSharedKey: 'abc 123',
  clientPreSharedKey: 'abc 123',
};
const topology = loadTopology('direct');

function ikeOf(values: Partial<Cell>) {
  const script = scriptFor(cell('direct', values), topology, settings);
  return compileScript(script, scriptContext(topology, settings)).endpoint.ike;
}

test('p2 is the order of the bundle', () => {
  const order = (p2: string) =>
    ikeOf({ p2 }).policies[0]?.proposals.map(({ encryption, integrity }) => `${encryption} ${integrity}`);
  expect(order('4-1')).toEqual(['des-cbc hmac-md5-96', '3des-cbc hmac-sha1-96']);
  expect(order('3')).toEqual(['des-cbc hmac-sha1-96']);
  expect(() => ikeOf({ p2: '1-9' })).toThrow('bundle 1 names SA specification 9, which does not exist');
  expect(() => ikeOf({ p2: 'all' })).toThrow('p2=all is no order');
});

test('p1 is a further command of the script', () => {
  expect(ikeOf({ p1: '3des-sha1-modp1024' }).phase1).toMatchObject([
    { encryption: '3des-cbc', hash: 'sha1', group: 2 },
  ]);
  expect(ikeOf({ p1: 'aes128-md5-modp768' }).phase1).toMatchObject([
    { encryption: 'aes-cbc-128', hash: 'md5', group: 1 },
  ]);
});

test('what an ISAKMP policy cannot say is unsupported', () => {
  const why = (p1: string) => unsupportedByAlliedWare(cell('direct', { p1 }));
  expect([why('script'), why('3des-sha1-modp1024')]).toEqual([undefined, undefined]);
  expect(why('3des-sha1-modp2048')).toBe(
    'AlliedWare has groups 0, 1 and 2 only (SET ISAKMP POLICY), not modp2048',
  );
  expect(why('3des-sha256-modp1024')).toBe('AlliedWare has no phase 1 hash sha256');
  expect(why('null-sha1-modp1024')).toBe('AlliedWare has no phase 1 encryption null');
  expect(why('3des-sha1-modp1024+des-sha1-modp768')).toContain('one phase 1 transform, not several');
  expect(() => ikeOf({ p1: '3des-sha1-modp2048' })).toThrow('groups 0, 1 and 2 only');
});

test('ports is the setting of the policy', () => {
  const policy = (ports: Cell['ports']) => ikeOf({ ports }).policies[0];
  expect(policy('lport')).toMatchObject({ localPort: 1701 });
  expect(policy('rport')).toMatchObject({ peerPort: 1701 });
  expect(policy('rport')).not.toHaveProperty('localPort');
  expect(policy('both')).toMatchObject({ localPort: 1701, peerPort: 1701 });
  expect(Object.keys(policy('none') ?? {})).toEqual(['name', 'protocol', 'proposals']);
});

test('auth is the authentication of the PPP template', () => {
  const demanded = (auth: Cell['auth']) => {
    const script = scriptFor(cell('direct', { auth }), topology, settings);
    return compileScript(script, scriptContext(topology, settings)).endpoint.ppp.authentication;
  };
  expect(demanded('own')).toEqual(['chap-md5']);
  expect(demanded('chap-md5')).toEqual(['chap-md5']);
  expect(demanded('pap')).toEqual(['pap']);
  expect(unsupportedByAlliedWare(cell('direct', { auth: 'ms-chap-v2' }))).toContain('not ms-chap-v2');
});

test('natt is switched off at the responder where the cell says so', () => {
  expect(ikeOf({ natt: 'client-off' }).natTraversal).toEqual(['draft-02n']);
  for (const natt of ['responder-off', 'off'] as const) {
    expect(ikeOf({ natt })).toMatchObject({ natTraversal: [], vendorIds: [] });
  }
});

test('a key with a blank is typed in quotes', () => {
  expect(Buffer.from(ikeOf({}).preSharedKey).toString()).toBe('abc 123');
  const quote = { ...settings, preSharedKey: 'a"b' };
  expect(() => scriptFor(cell('direct'), topology, quote)).toThrow('cannot be typed');
});

test("a script without the How-To's line cannot play the axis", () => {
  expect(() => editedFor('enable ipsec\n', cell('direct'))).toThrow('the script does not say string=');
});
