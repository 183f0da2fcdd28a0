import { expect, test } from 'vitest';
import { type Cell, cell } from '../../cell.ts';
import { unsupported } from './capabilities.ts';
import { release4, release5 } from './release.ts';

const asClient = (values: Partial<Cell>) =>
  unsupported(release4, cell('hotel-nat', { client: 'libreswan', ...values }), 'client');
const asResponder = (values: Partial<Cell>, release = release4) =>
  unsupported(release, cell('hotel-nat', { responder: release.name, ...values }), 'responder');

test.each([
  {},
  { p1: '3des-md5-modp1536' },
  { p1: 'aes256-sha256-modp2048+3des-sha1-modp2048' },
  { p2: '2-1' },
  { psk: 'wrong' as const },
  { user: 'dialin2' },
  { natt: 'client-off' as const },
  { rule: '0' as const },
  { clients: 2 },
])('plays %j as a responder', (values) => {
  expect(asResponder(values)).toBeUndefined();
});

test.each([
  {},
  { password: 'wrong' as const },
  { natt: 'off' as const },
  { ports: 'rport' as const },
  { clients: 2, sourceport: 'distinct' as const },
  // The axes of the responder are no matter of the client's.
  { p1: 'des-sha1-modp768', p2: '3' },
])('plays %j as a client', (values) => {
  expect(asClient(values)).toBeUndefined();
});

test.each<[Partial<Cell>, string]>([
  [{ p1: 'des-sha1-modp1536' }, 'no des in phase 1'],
  [{ p1: '3des-sha1-modp2048+3des-sha1-modp1024' }, 'no modp1024 in phase 1'],
  [{ p2: '3' }, 'no des-sha1'],
  [{ p2: '4-1' }, 'no des-md5'],
  [{ natt: 'responder-off' }, 'answers any revision of NAT-T'],
  [{ ports: 'rport' }, "port setting is AlliedWare's"],
  [{ impair: 'responder:slow' }, 'misbehave'],
])('does not play %j as a responder, and says why with its source', (values, why) => {
  expect(asResponder(values)).toMatch(new RegExp(`${why}.* \\(.+\\)$`));
});

test('a responder of release 5 can do without NAT-T', () => {
  expect(asResponder({ natt: 'responder-off' }, release5)).toBeUndefined();
  expect(asResponder({ natt: 'off' }, release5)).toBeUndefined();
});

test.each<[Partial<Cell>, string]>([
  [{ rule: '1' }, 'that of Windows'],
  [{ reading: 'b' }, 'that of Windows'],
])('does not play %j as a client, and says why with its source', (values, why) => {
  expect(asClient(values)).toMatch(new RegExp(`${why}.* \\(.+\\)$`));
});

test('has no profiles', () => {
  expect(asClient({ client: 'libreswan:old' })).toBe('libreswan has no profile "old"');
});
