import { expect, test } from 'vitest';
import { iperf3LoadAccount, iperf3LoadCommand } from './iperf3-load.ts';

// The form is iperf3 3.12's with --bidir; the numbers are made up.
const report = (up: readonly number[], down: readonly number[]) =>
  JSON.stringify({
    intervals: up.map((bytes, at) => ({
      sum: { seconds: 0.2, bytes },
      sum_bidir_reverse: { seconds: 0.2, bytes: down[at] },
    })),
    end: {
      sum_sent: { seconds: 60, retransmits: 3 },
      sum_received: { bits_per_second: 2e6 },
      sum_sent_bidir_reverse: { retransmits: 4 },
      sum_received_bidir_reverse: { bits_per_second: 5e6 },
    },
  });

test('the longest stall is the most intervals in a row in which one direction carried nothing', () => {
  const account = iperf3LoadAccount(report([1, 0, 0, 1, 0], [0, 1, 0, 0, 0]));
  expect(account).toEqual({
    survived: true,
    seconds: 60,
    upMbps: 2,
    downMbps: 5,
    retransmits: 7,
    longestStall: expect.closeTo(0.6),
  });
});

test('an error is a transfer that did not survive, even behind a whole report', () => {
  const whole = { ...JSON.parse(report([1], [1])), error: 'unable to receive control message' };
  for (const said of [{ error: 'unable to receive control message' }, whole]) {
    expect(iperf3LoadAccount(JSON.stringify(said))).toEqual({
      survived: false,
      why: 'unable to receive control message',
    });
  }
});

test('what is no report is said to be none', () => {
  expect(() => iperf3LoadAccount('killed')).toThrow(/iperf3/);
  expect(() => iperf3LoadAccount('{"intervals":[],"end":{}}')).toThrow(/iperf3/);
});

test('both directions at once, bound to the tunnel, with a rate only where one is asked for', () => {
  const load = {
    server: '192.168.1.9',
    port: 5201,
    clientAddress: '192.168.8.1',
    device: 'ppp0',
    seconds: 60,
  };
  const line = iperf3LoadCommand(load).join(' ');
  expect(line).toContain('-c 192.168.1.9 -p 5201 -B 192.168.8.1%ppp0 --bidir -t 60');
  expect(line).not.toContain(' -b ');
  expect(iperf3LoadCommand({ ...load, mbps: 5 }).join(' ')).toContain(' -b 5M');
});
