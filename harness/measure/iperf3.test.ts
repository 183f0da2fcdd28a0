import { expect, test } from 'vitest';
import { iperf3Command, iperf3Result } from './iperf3.ts';

const read = (stdout: string, stderr = '') => iperf3Result({ stdout, stderr });

// From real output of iperf 3.12 (Debian bookworm), the box image's; left out is what is not read.
const measured = `{
	"start":	{ "version":	"iperf 3.12" },
	"intervals":	[],
	"end":	{
		"sum_sent":	{ "seconds": 0.00039, "bytes": 3145728, "bits_per_second": 64527753846.153847, "sender": true },
		"sum_received":	{ "seconds": 0.006895, "bytes": 524288, "bits_per_second": 608310949.9637418, "sender": true }
	}
}`;
const refused = `{
	"start":	{ "connected":	[], "version":	"iperf 3.12" },
	"intervals":	[],
	"end":	{
	},
	"error":	"unable to connect to server: Connection refused"
}`;

test('counts what arrived, not what was handed to the socket', () => {
  expect(read(measured)).toEqual({ ok: true, bytes: 524_288, mbps: 608.3109499637418 });
});

test('takes an error that iperf3 names for a result', () => {
  expect(read(refused)).toEqual({
    ok: false,
    failure: 'iperf3: unable to connect to server: Connection refused',
  });
});

test.each([
  ['iperf3: not JSON at all', /no JSON: iperf3: not JSON/],
  ['{ "end": { "sum_received": { "bytes": "many" } } }', /iperf3: .*sum_received/s],
  ['', /no JSON: killed/],
])('refuses %j and names the place', (stdout, complaint) => {
  expect(() => read(stdout, 'killed')).toThrow(complaint);
});

test('binds the client to the tunnel and turns round for the way down', () => {
  const plan = { server: '192.168.2.10', port: 5201, clientAddress: '192.168.8.1', device: 'tun0' };
  const down = iperf3Command({ ...plan, direction: 'down', amount: { bytes: 1000 } });
  expect(down).toEqual(expect.arrayContaining(['-B', '192.168.8.1%tun0', '-R', '-n', '1000']));
  const up = iperf3Command({ ...plan, direction: 'up', amount: { seconds: 3 } });
  expect(up).toEqual(expect.arrayContaining(['-t', '3']));
  expect(up).not.toContain('-R');
});
