import { expect, test } from 'vitest';
import { type Cell, cell } from '../../cell.ts';
import { unsupported } from './capabilities.ts';

const asClient = (values: Partial<Cell>) => cell('hotel-nat', { client: 'strongswan', ...values });
const asResponder = (values: Partial<Cell>) => cell('hotel-nat', { responder: 'strongswan', ...values });

test.each([
  {},
  { p1: 'des-md5-modp768' },
  { p1: 'aes256-sha256-modp2048+3des-sha1-modp1024' },
  { p1: 'aes256-sha384-ecp384+aes192-sha512-modp4096' },
  { p2: '4-1' },
  { psk: 'wrong' as const },
  { user: 'dialin2' },
  { natt: 'client-off' as const },
  { rule: '0' as const },
  { clients: 2 },
  { clients: 2, sourceport: 'distinct' as const },
])('plays %j as a responder', (values) => {
  expect(unsupported(asResponder(values), 'responder')).toBeUndefined();
});

test.each([
  {},
  { password: 'wrong' as const },
  { natt: 'responder-off' as const },
  { ports: 'rport' as const },
  { clients: 2, sourceport: 'distinct' as const },
])('plays %j as a client', (values) => {
  expect(unsupported(asClient(values), 'client')).toBeUndefined();
});

test.each<[Partial<Cell>, string]>([
  [{ p1: 'cast128-sha1-modp1024' }, 'cast128'],
  [{ p1: '3des-sha1-modp1024+3des-sha1-modp9' }, 'modp9'],
  [{ natt: 'responder-off' }, 'to do without NAT-T'],
  [{ natt: 'off' }, 'to do without NAT-T'],
  [{ ports: 'rport' }, 'narrows selectors'],
  [{ revision: 'draft-02n' }, 'is not told to name draft-02n'],
  [{ auth: 'pap' }, 'is not told to demand pap'],
  [{ impair: 'responder:slow' }, 'misbehave'],
])('does not play %j as a responder, and says why with its source', (values, why) => {
  expect(unsupported(asResponder(values), 'responder')).toMatch(new RegExp(`${why}.* \\(.+\\)$`));
});

test.each<[Partial<Cell>, string]>([
  [{ natt: 'client-off' }, 'to do without NAT-T'],
  [{ rule: '1' }, 'that of Windows'],
  [{ reading: 'b' }, 'that of Windows'],
])('does not play %j as a client, and says why with its source', (values, why) => {
  expect(unsupported(asClient(values), 'client')).toMatch(new RegExp(`${why}.* \\(.+\\)$`));
});

test('has a profile with marks, as a responder that can use them', () => {
  const marked = (peer: string) => cell('shared-nat', { responder: `${peer}:connmark`, clients: 2 });
  expect(unsupported(marked('strongswan-6'), 'responder')).toBeUndefined();
  expect(unsupported(marked('strongswan'), 'responder')).toMatch(/Linux 6\.1.*\(probed\)$/);
  expect(unsupported(asClient({ client: 'strongswan-6:connmark' }), 'client')).toMatch(
    /no profile "connmark"/,
  );
  expect(unsupported(asClient({ client: 'strongswan:old' }), 'client')).toMatch(/no profile "old"/);
});
