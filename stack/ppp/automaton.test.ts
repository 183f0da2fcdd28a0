import { expect, test } from 'vitest';
import { Automaton } from './automaton.ts';
import type { Judgement } from './negotiation.ts';
import { encodeOptions, type Option, uint16Option } from './option.ts';
import { decodePacket, type Packet, PacketCode } from './packet.ts';

const timing = { firstGapMs: 1000, backoff: 2, maximumGapMs: 4000, transmissions: 4 };
const ours = [uint16Option(1, 1400), uint16Option(9, 7)];
const good = [uint16Option(1, 1500)];
const bad = [uint16Option(1, 1500), uint16Option(66, 0)];

/** An automaton whose peer is the test: it acknowledges `good` and rejects everything else. */
class Subject {
  readonly sent: Packet[] = [];
  readonly told: string[] = [];
  readonly automaton: Automaton;
  judgement: (options: readonly Option[]) => Judgement = (options) => {
    const odd = options.filter((option) => option.type === 66);
    return odd.length > 0 ? { answer: 'reject', options: odd } : { answer: 'ack' };
  };

  constructor() {
    let identifier = 0;
    const options = {
      request: () => ours,
      judge: (requested: readonly Option[]) => this.judgement(requested),
      accepted: () => {},
      nakked: () => true,
      rejected: () => true,
    };
    const layer = {
      up: () => this.told.push('up'),
      down: () => this.told.push('down'),
      finished: () => this.told.push('finished'),
      disagreed: () => this.told.push('disagreed'),
    };
    this.automaton = new Automaton(
      0xc021,
      options,
      layer,
      { retransmission: timing },
      {
        peerMru: 1500,
        send: (_protocol, bytes) => {
          const packet = decodePacket(bytes);
          if (packet.ok) this.sent.push(packet.value);
        },
        nextIdentifier: () => ++identifier,
      },
    );
    this.automaton.open(0);
    this.automaton.lowerUp(0);
  }

  receive(packetCode: number, identifier: number, options: readonly Option[] = []): void {
    this.automaton.receive({ code: packetCode, identifier, data: encodeOptions(options) }, 100);
  }

  /** `code identifier` of what was sent since the last time. */
  heard(): string[] {
    return this.sent.splice(0).map((packet) => `${packet.code} ${packet.identifier}`);
  }
}

function opened(): Subject {
  const subject = new Subject();
  subject.receive(PacketCode.configureAck, 1, ours);
  subject.receive(PacketCode.configureRequest, 50, good);
  expect(subject.automaton.state).toBe('Opened');
  subject.heard();
  return subject;
}

test('either order of the two agreements opens the layer, and stops the timer', () => {
  const subject = new Subject();
  subject.receive(PacketCode.configureRequest, 50, good);
  expect(subject.automaton.state).toBe('Ack-Sent');
  subject.receive(PacketCode.configureAck, 1, ours);
  for (const each of [subject, opened()]) {
    expect(each.told).toEqual(['up']);
    expect(each.automaton.deadline).toBeUndefined();
  }
});

test('requests are repeated with back-off and the same identifier, then the layer is finished', () => {
  const subject = new Subject();
  const times = [0];
  for (let at = subject.automaton.deadline; at !== undefined; at = subject.automaton.deadline) {
    subject.automaton.tick(at);
    times.push(at);
  }
  expect(times).toEqual([0, 1000, 3000, 7000, 11_000]);
  expect(subject.heard()).toEqual(['1 1', '1 1', '1 1', '1 1']);
  expect(subject.told).toEqual(['finished']);
});

test('acknowledgements of another identifier or of other options are no acknowledgements', () => {
  const subject = new Subject();
  subject.receive(PacketCode.configureAck, 2, ours);
  subject.receive(PacketCode.configureAck, 1, [...ours].reverse());
  subject.receive(PacketCode.configureAck, 1, ours.slice(1));
  expect(subject.automaton.state).toBe('Req-Sent');
});

test('a second answer to the same request is discarded (RFC 1661 4.3, RCA)', () => {
  const subject = opened();
  subject.receive(PacketCode.configureAck, 1, ours);
  subject.receive(PacketCode.configureReject, 1, ours.slice(1));
  subject.receive(PacketCode.configureNak, 1, good);
  expect(subject.automaton.state).toBe('Opened');
});

test('a Configure-Reject must name options of the request, and some (RFC 1661 5.4)', () => {
  const subject = new Subject();
  subject.receive(PacketCode.configureReject, 1, [uint16Option(9, 8)]);
  subject.receive(PacketCode.configureReject, 1, []);
  expect(subject.heard()).toEqual(['1 1']);
  subject.receive(PacketCode.configureReject, 1, ours.slice(1));
  expect(subject.heard()).toEqual(['1 2']);
});

test('a copy of the acknowledged request is acknowledged again; a new one renegotiates', () => {
  const subject = opened();
  subject.receive(PacketCode.configureRequest, 50, good);
  expect(subject.heard()).toEqual(['2 50']);
  expect(subject.automaton.state).toBe('Opened');
  subject.receive(PacketCode.configureRequest, 51, good);
  expect(subject.told).toEqual(['up', 'down']);
  expect(subject.heard()).toEqual(['1 2', '2 51']);
});

test('a late copy of a refused request is ignored once a better one was acknowledged', () => {
  const subject = new Subject();
  subject.receive(PacketCode.configureRequest, 49, bad);
  subject.receive(PacketCode.configureRequest, 49, bad);
  expect(subject.heard()).toEqual(['1 1', '4 49', '4 49']);
  subject.receive(PacketCode.configureRequest, 50, good);
  subject.receive(PacketCode.configureRequest, 49, bad);
  expect(subject.heard()).toEqual(['2 50']);
  subject.receive(PacketCode.configureAck, 1, ours);
  subject.receive(PacketCode.configureRequest, 49, bad);
  expect(subject.automaton.state).toBe('Opened');
});

test('after five Naks objections become rejects, and own wishes are dropped (RFC 1661 4.6)', () => {
  const subject = new Subject();
  subject.judgement = () => ({ answer: 'nak', options: [uint16Option(1, 1300), uint16Option(3, 1)] });
  for (let identifier = 50; identifier < 56; identifier++) {
    subject.receive(PacketCode.configureRequest, identifier, good);
  }
  const rejects = subject.sent.filter((packet) => packet.code === PacketCode.configureReject);
  expect(rejects.map((packet) => packet.data)).toEqual([encodeOptions(good)]);
  expect(subject.heard()).toEqual(['1 1', '3 50', '3 51', '3 52', '3 53', '3 54', '4 55']);
});

test('ends that refuse each other for ever disagree', () => {
  const giving = new Subject();
  for (let identifier = 50; identifier < 70; identifier++)
    giving.receive(PacketCode.configureRequest, identifier, bad);
  expect(giving.told).toContain('disagreed');
  const taking = new Subject();
  for (let identifier = 1; identifier < 20; identifier++)
    taking.receive(PacketCode.configureNak, identifier, good);
  expect(taking.told).toContain('disagreed');
});

test('close sends Terminate-Request with its text, repeats it once, and ends', () => {
  const subject = opened();
  subject.automaton.close(Buffer.from('why'), 1000);
  expect(subject.sent.map((packet) => Buffer.from(packet.data).toString())).toEqual(['why']);
  subject.automaton.tick(2000);
  subject.automaton.tick(4000);
  expect(subject.heard()).toEqual(['5 2', '5 2']);
  expect(subject.told).toEqual(['up', 'down', 'finished']);
  expect(subject.automaton.state).toBe('Closed');
});

test('a terminated layer stays a while, to acknowledge repeated requests', () => {
  const subject = opened();
  subject.receive(PacketCode.terminateRequest, 60);
  subject.receive(PacketCode.terminateRequest, 60);
  expect(subject.heard()).toEqual(['6 60', '6 60']);
  expect(subject.automaton.state).toBe('Stopping');
  subject.automaton.tick(1100);
  expect(subject.told).toEqual(['up', 'down', 'finished']);
});

test('without a lower layer nothing is sent', () => {
  const subject = opened();
  subject.automaton.lowerDown(200);
  subject.receive(PacketCode.configureRequest, 51, good);
  subject.receive(77, 52);
  expect(subject.heard()).toEqual([]);
  expect(subject.automaton.state).toBe('Starting');
});
