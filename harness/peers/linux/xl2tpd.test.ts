import { expect, test } from 'vitest';
import { dialOrder, hangUpOrder, lacConfig, lnsConfig, xl2tpdListens } from './xl2tpd.ts';

test('a client dials the address of the cell, when it is told to', () => {
  const { text } = lacConfig('198.18.2.10', 17011);
  expect(text).toContain('[global]\nport = 17011\n');
  expect(text).toContain('[lac vpn]\nlns = 198.18.2.10\n');
  expect(text).toContain('autodial = no');
  expect(dialOrder.slice(-2)).toEqual(['connect-lac', 'vpn']);
  expect(hangUpOrder.at(-1)).toMatch(/ disconnect-lac vpn \|\| exit\n/);
});

test("a responder tells of AVPs, and gives the pool's addresses, but none that belongs to a user", () => {
  const pool = { first: '192.168.8.1', last: '192.168.8.254' };
  const { text } = lnsConfig({
    localAddress: '192.168.2.1',
    pool,
    reserved: ['192.168.8.50', '192.168.8.51'],
  });
  expect(text).toContain('[global]\nmax retries = 3\ndebug avp = yes\n[lns default]\n');
  expect(text).toContain('ip range = 192.168.8.1-192.168.8.254\n');
  expect(text).toContain(
    'no ip range = 192.168.8.50-192.168.8.50\nno ip range = 192.168.8.51-192.168.8.51\n',
  );
  expect(text).toContain('local ip = 192.168.2.1\n');
  expect(text).toContain('require authentication = yes\nrequire chap = yes\nrefuse pap = yes\n');
});

test('it listens, whatever its port', () => {
  expect('xl2tpd[772]: Listening on IP address 0.0.0.0, port 1701').toMatch(xl2tpdListens);
  expect('xl2tpd[772]: Listening on IP address 0.0.0.0, port 17011').toMatch(xl2tpdListens);
});
