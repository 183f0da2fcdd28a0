import { expect, test } from 'vitest';
import { iperf3Command, iperf3Results } from './iperf3.ts';

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

const separator = '---- turn round ----\n';
const read = (stdout: string, stderr = '') => iperf3Results({ stdout, stderr });

test('counts what arrived, not what was handed to the socket, for each direction', () => {
  expect(read(`${measured}\n${separator}${measured.replace('524288', '600000')}\n`)).toEqual({
    up: { ok: true, bytes: 524_288, mbps: 608.3109499637418 },
    down: { ok: true, bytes: 600_000, mbps: 608.3109499637418 },
  });
});

test('takes an error that iperf3 names for a result', () => {
  expect(read(`${measured}\n${separator}${refused}\n`)).toMatchObject({
    up: { ok: true },
    down: { ok: false, failure: 'down: iperf3: unable to connect to server: Connection refused' },
  });
});

test.each([
  ['iperf3: not JSON at all', /up: no JSON: iperf3: not JSON/],
  [`${measured}${separator}half of {`, /down: no JSON: half of/],
  [measured, /down: no JSON: killed/],
  ['{ "end": { "sum_received": { "bytes": "many" } } }', /iperf3: up: .*sum_received/s],
  ['', /up: no JSON: killed/],
])('refuses %j and names the place', (stdout, complaint) => {
  expect(() => read(stdout, 'killed')).toThrow(complaint);
});

test('binds both clients to the tunnel, and turns the second round', () => {
  const plan = { server: '192.168.2.10', clientAddress: '192.168.8.1', device: 'tun0' };
  const [up, down] =
    iperf3Command({ ...plan, amount: { bytes: 1000 } })
      .at(-1)
      ?.split(separator.trim()) ?? [];
  for (const command of [up, down]) expect(command).toContain('-B 192.168.8.1%tun0 -n 1000');
  // iperf3 3.12 refuses --rcv-timeout from a client that sends.
  expect(up).not.toContain('--rcv-timeout');
  expect(down).toContain(' -R');
  expect(up).not.toContain(' -R');
  expect(iperf3Command({ ...plan, amount: { seconds: 3 } }).at(-1)).toContain('-t 3');
});
