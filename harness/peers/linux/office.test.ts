import { expect, test } from 'vitest';
import { loadTopology } from '../../topologies.ts';
import { officeNetwork } from './office.ts';

// The addresses of the How-To's office: the router's LAN side, the server behind it, the pool's example.
test("gives what the How-To's router gives", () => {
  expect(officeNetwork(loadTopology('office-nat'), 'responder')).toEqual({
    localAddress: '192.168.2.1',
    dns: '192.168.2.10',
    pool: { first: '192.168.8.1', last: '192.168.8.254' },
    reserved: ['192.168.8.50', '192.168.8.51'],
  });
});

test('a node that does not stand in the office is no responder', () => {
  expect(() => officeNetwork(loadTopology('office-nat'), 'client')).toThrow(
    /no interface in the server's segment/,
  );
});
