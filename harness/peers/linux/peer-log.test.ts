import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { type LogLine, PeerLog } from './peer-log.ts';

const never = new AbortController().signal;
const has = (text: string) => (lines: readonly LogLine[]) => lines.find((line) => line.text.includes(text));

function log() {
  let now = 1000;
  const made = new PeerLog(() => {
    now += 250;
    return now;
  });
  return made;
}

test('tells when each line came, and which program said it', () => {
  const peer = log();
  peer.add('charon', '00[DMN] Starting');
  peer.add('xl2tpd', 'Listening');
  expect(peer.text()).toBe('0.000 charon: 00[DMN] Starting\n0.250 xl2tpd: Listening');
});

test('follows both outputs, line by line however they are cut, and drops empty ones', async () => {
  const peer = log();
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  peer.follow('pppd', { stdout, stderr });
  stdout.write('Using inter');
  stdout.write('face ppp0\n\n');
  stderr.write('warning \n');
  await peer.until((lines) => (lines.length === 2 ? true : undefined), never);
  expect(peer.lines.map(({ text }) => text).sort()).toEqual(['Using interface ppp0', 'warning']);
});

test('waits for a line that is still to come, and finds one that came before', async () => {
  const peer = log();
  const found = peer.until(has('up'), never);
  peer.add('pppd', 'down');
  peer.add('pppd', 'up');
  expect((await found).text).toBe('up');
  expect((await peer.until(has('down'), never)).text).toBe('down');
});

test('a new cell begins with an empty log', async () => {
  const peer = log();
  peer.add('pppd', 'up');
  peer.clear();
  const interrupt = new AbortController();
  const found = peer.until(has('up'), interrupt.signal);
  interrupt.abort(new Error('time is up'));
  await expect(found).rejects.toThrow('time is up');
});

test("a client's lines are those of its time, but for those that name another's connection", () => {
  const peer = log();
  const names = ({ text }: LogLine) => /^#(\d+)/.exec(text)?.[1];
  const textsOf = (client: number) => peer.linesOf(client, names).map(({ text }) => text);
  for (const text of ['listening', '#1 begins']) peer.add('charon', text);
  peer.nextClient();
  for (const text of ['a packet', '#2 begins', '#1 repeats', '#2 is up']) peer.add('charon', text);
  expect(textsOf(0)).toEqual(['listening', '#1 begins', '#1 repeats']);
  expect(textsOf(1)).toEqual(['a packet', '#2 begins', '#2 is up']);
  expect(textsOf(2)).toEqual([]);
});

test('what goes wrong in the look reaches whoever waits', async () => {
  const peer = log();
  const found = peer.until(() => {
    throw new Error('not readable');
  }, never);
  await expect(found).rejects.toThrow('not readable');
});
