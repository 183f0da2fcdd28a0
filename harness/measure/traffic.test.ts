import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { ExecResult, LabNode } from '../fabric/fabric.ts';
import { trafficObservationSchema } from '../observation.ts';
import { measureThroughput, proveTraffic, usualProofBytes } from './traffic.ts';

const signal = new AbortController().signal;
const ok = (stdout: string): ExecResult => ({ exitCode: 0, stdout, stderr: '' });
const summary = (received: number) => {
  const answers = Array.from(
    { length: received },
    (_, index) => `64 bytes: icmp_seq=${index + 1} ttl=63 time=2.5 ms\n`,
  );
  return ok(`${answers.join('')}5 packets transmitted, ${received} received, 0% packet loss\n`);
};
const run = (bytes: number) => JSON.stringify({ end: { sum_received: { bytes, bits_per_second: 8e6 } } });
/** What the two iperf3 clients print, up and down. */
const bulk = (up: string, down: string) => ok(`${up}\n---- turn round ----\n${down}\n`);

/** A node that answers each program as told, and notes what it ran. */
function node(answers: Readonly<Record<string, (argv: readonly string[]) => ExecResult>>) {
  const ran: string[] = [];
  const killed: string[] = [];
  const fake: LabNode = {
    name: 'fake',
    container: 'fake',
    async exec(argv) {
      ran.push(argv.join(' '));
      const answer = answers[argv[0] ?? ''];
      if (!answer) throw new Error(`not expected: ${argv.join(' ')}`);
      return answer(argv);
    },
    async spawn(argv) {
      ran.push(argv.join(' '));
      const stdout = new PassThrough();
      const stderr = new PassThrough();
      const port = argv[argv.indexOf('-p') + 1];
      const busy = 'busy' in answers && port === '5202';
      if (busy) stderr.end('iperf3: error - unable to start listener: Address already in use');
      else stdout.write(`Server listening on ${port} (test #1)\n`);
      return {
        stdin: new PassThrough(),
        stdout,
        stderr,
        exit: busy ? new Promise((resolve) => stderr.on('end', () => resolve(1))) : new Promise(() => {}),
        kill: async () => void killed.push(`${port}`),
      };
    },
    copyIn: async () => {},
    logs: async () => '',
  };
  return { fake, ran, killed };
}

const route = (last = '192.168.2.10') =>
  ok(`traceroute to 192.168.2.10 (192.168.2.10), 5 hops max\n 1  192.168.2.1  1 ms\n 2  ${last}  2 ms\n`);

function ends(client: LabNode, server: LabNode) {
  return {
    client,
    server,
    serverAddress: '192.168.2.10',
    tunnelInterface: 'tun0',
    clientInnerAddress: '192.168.8.1',
  };
}

test('proves both directions, bound to the tunnel', async () => {
  const client = node({
    ping: () => summary(5),
    traceroute: () => route(),
    sh: () => bulk(run(2_800_000), run(2_900_000)),
  });
  const server = node({ ping: () => summary(4) });
  const traffic = await proveTraffic(ends(client.fake, server.fake), undefined, usualProofBytes, signal);
  expect(trafficObservationSchema.parse(traffic)).toEqual({
    target: '192.168.2.10',
    pingToServer: { sent: 5, received: 5, medianMs: 2.5 },
    pingToClient: { sent: 5, received: 4, medianMs: 2.5 },
    traceroute: ['192.168.2.1', '192.168.2.10'],
    upMbps: 8,
    downMbps: 8,
    bytesEachWay: 2_800_000,
    failures: [],
    sustained: false,
  });
  expect(client.ran.filter((command) => !command.includes('tun0'))).toEqual([]);
  expect(server.ran.filter((command) => command.startsWith('ping'))).toEqual([
    'ping -n -c 5 -i 0.01 -w 3 192.168.8.1',
  ]);
  // Both had their one test, after which they end by themselves.
  expect(server.killed).toEqual([]);
});

test('goes to the inner network that a responder brings, from which nothing can come by itself', async () => {
  const client = node({
    ping: () => summary(5),
    traceroute: () => route('192.168.30.1'),
    sh: () => bulk(run(3_000_000), run(3_000_000)),
  });
  const server = node({});
  const target = { address: '192.168.30.1', prefix: '192.168.30.0/24', oneSided: 'it is a NAT' };
  const traffic = await proveTraffic(ends(client.fake, server.fake), target, usualProofBytes, signal);
  expect(traffic).toMatchObject({
    target: '192.168.30.1',
    oneSided: 'it is a NAT',
    pingToClient: { sent: 0, received: 0 },
  });
  expect(client.ran.filter((command) => /^(ping|traceroute)/.test(command))).toEqual([
    expect.stringContaining('192.168.30.1'),
    expect.stringContaining('192.168.30.1'),
  ]);
});

test('hops that stayed silent are asked once more, and what is silent then stays so', async () => {
  const traces = (answers: string[]) => {
    const client = node({
      ping: () => summary(5),
      traceroute: () => route(answers.shift()),
      sh: () => bulk(run(3_000_000), run(3_000_000)),
    });
    return proveTraffic(
      ends(client.fake, node({ ping: () => summary(5) }).fake),
      undefined,
      usualProofBytes,
      signal,
    );
  };
  expect((await traces(['*', '192.168.2.10'])).traceroute).toEqual(['192.168.2.1', '192.168.2.10']);
  expect((await traces(['*', '*', '192.168.2.10'])).traceroute).toEqual(['192.168.2.1', '*']);
});

test('takes a tunnel that carries nothing for a result, with what the tools said', async () => {
  const noDevice = () => ({ exitCode: 2, stdout: '', stderr: 'no device tun0' });
  const client = node({
    ping: noDevice,
    traceroute: noDevice,
    sh: () => bulk(JSON.stringify({ error: 'unable to connect' }), JSON.stringify({ error: 'no answer' })),
  });
  const server = node({ ping: () => summary(0) });
  const traffic = await proveTraffic(ends(client.fake, server.fake), undefined, usualProofBytes, signal);
  expect(traffic).toMatchObject({ bytesEachWay: 0, pingToServer: { sent: 0 }, traceroute: [] });
  expect(traffic).not.toHaveProperty('upMbps');
  expect(traffic.failures).toEqual([
    'ping: no device tun0',
    'traceroute: no device tun0',
    'up: iperf3: unable to connect',
    'down: iperf3: no answer',
  ]);
  // Nobody reached them, and they would wait on.
  expect(server.killed.sort()).toEqual(['5201', '5202']);
});

test('the server of the direction that failed is ended, the other one ends by itself', async () => {
  const client = node({ sh: () => bulk(run(3_000_000), JSON.stringify({ error: 'no answer' })) });
  const server = node({});
  const rates = await measureThroughput(ends(client.fake, server.fake), { seconds: 1 }, signal);
  expect(rates).toEqual({ upMbps: 8, bytesEachWay: 0, failures: ['down: iperf3: no answer'] });
  expect(server.killed).toEqual(['5202']);
});

test('a server that cannot listen is an error with its last words, and the other one is ended', async () => {
  const client = node({});
  const server = node({ busy: () => ok('') });
  const plan = ends(client.fake, server.fake);
  await expect(measureThroughput(plan, { seconds: 1 }, signal)).rejects.toThrow(
    /5202: .*Address already in use/,
  );
  expect(server.killed).toEqual(['5201']);
});
