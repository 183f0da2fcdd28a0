import { expect, test } from 'vitest';
import { Automaton } from './automaton.ts';
import { encodeOptions, type Option, uint16Option } from './option.ts';
import { decodePacket, PacketCode } from './packet.ts';
import type { AutomatonEvent, AutomatonState } from './transition.ts';

const ours = [uint16Option(1, 1400)];
const good = [uint16Option(1, 1500)];
const bad = [uint16Option(66, 0)];

/** Actions of RFC 1661 4.1 by the code of the packet that they send. */
const actionOf: Readonly<Record<number, string>> = {
  1: 'scr',
  2: 'sca',
  4: 'scn',
  5: 'str',
  6: 'sta',
  7: 'scj',
};

/** An automaton that the test drives, and everything that it did which can be seen from outside. */
class Driven {
  readonly seen: string[] = [];
  readonly automaton: Automaton;
  #now = 0;
  #last = 0;
  #peerIdentifier = 100;
  #identifier = 1;

  constructor(transmissions = 3) {
    const options = {
      request: () => ours,
      judge: (requested: readonly Option[]) => {
        const odd = requested.filter(({ type }) => type === 66);
        return odd.length > 0 ? { answer: 'reject' as const, options: odd } : { answer: 'ack' as const };
      },
      accepted: () => {},
      nakked: () => true,
      rejected: () => true,
    };
    const layer = {
      up: () => this.seen.push('tlu'),
      down: () => this.seen.push('tld'),
      finished: () => this.seen.push('tlf'),
      disagreed: () => this.seen.push('disagreed'),
    };
    const retransmission = { firstGapMs: 1000, backoff: 1, maximumGapMs: 1000, transmissions };
    this.automaton = new Automaton(
      0xc021,
      options,
      layer,
      { retransmission },
      {
        peerMru: 1500,
        send: (_protocol, bytes) => {
          const packet = decodePacket(bytes);
          if (!packet.ok) throw new Error('the automaton sent no packet');
          if (packet.value.code === PacketCode.configureRequest) this.#last = packet.value.identifier;
          this.seen.push(actionOf[packet.value.code] ?? `code ${packet.value.code}`);
        },
        nextIdentifier: () => this.#identifier++,
      },
    );
  }

  fire(event: AutomatonEvent): void {
    const { automaton } = this;
    const now = this.#now;
    switch (event) {
      case 'Up':
        return automaton.lowerUp(now);
      case 'Down':
        return automaton.lowerDown(now);
      case 'Open':
        return automaton.open(now);
      case 'Close':
        return automaton.close(new Uint8Array(), now);
      case 'TO+':
      case 'TO-':
        this.#now = automaton.deadline ?? now;
        return automaton.tick(this.#now);
      case 'RCR+':
        return this.#receive(PacketCode.configureRequest, ++this.#peerIdentifier, encodeOptions(good));
      case 'RCR-':
        return this.#receive(PacketCode.configureRequest, ++this.#peerIdentifier, encodeOptions(bad));
      case 'RCA':
        return this.#receive(PacketCode.configureAck, this.#last, encodeOptions(ours));
      case 'RCN':
        return this.#receive(PacketCode.configureNak, this.#last, encodeOptions(good));
      case 'RTR':
        return this.#receive(PacketCode.terminateRequest, 90, new Uint8Array());
      case 'RTA':
        return this.#receive(PacketCode.terminateAck, 90, new Uint8Array());
      case 'RUC':
        return this.#receive(77, 91, new Uint8Array());
      case 'RXJ+':
        return this.#receive(PacketCode.codeReject, 92, Uint8Array.of(PacketCode.identification, 1, 0, 4));
      case 'RXJ-':
        return this.#receive(PacketCode.codeReject, 92, Uint8Array.of(PacketCode.configureRequest, 1, 0, 4));
    }
  }

  #receive(code: number, identifier: number, data: Uint8Array): void {
    this.automaton.receive({ code, identifier, data }, this.#now);
  }
}

/** A way into each state; Max-Configure is 3 and Max-Terminate 2. */
const requested: AutomatonEvent[] = ['Open', 'Up'];
const opened: AutomatonEvent[] = [...requested, 'RCR+', 'RCA'];
const wayTo: Readonly<Record<AutomatonState, readonly AutomatonEvent[]>> = {
  Initial: [],
  Starting: ['Open'],
  Closed: [...requested, 'Close', 'TO+', 'TO-'],
  Stopped: [...requested, 'TO+', 'TO+', 'TO-'],
  Closing: [...opened, 'Close'],
  Stopping: [...opened, 'RXJ-'],
  'Req-Sent': requested,
  'Ack-Rcvd': [...requested, 'RCA'],
  'Ack-Sent': [...requested, 'RCR+'],
  Opened: opened,
};

/** Timeouts that have to pass before the last one (TO-). */
const timeoutsLeft: Partial<Record<AutomatonState, number>> = {
  Closing: 1,
  Stopping: 1,
  'Req-Sent': 2,
  'Ack-Sent': 2,
};

/**
 * RFC 1661 4.1, read column by column: event, the actions that can be seen from outside (irc, zrc and tls cannot),
 * next state. "-": the event cannot happen. "=": the answer to a request that was answered already is discarded, as
 * 4.3 asks for invalid packets; RFC 1661 would see a crossed connection in it, and a network doubles packets.
 */
const columns: Readonly<Record<AutomatonState, string>> = {
  Initial: 'Up:/Closed Down:- Open:/Starting Close:/Initial',
  Starting: 'Up:scr/Req-Sent Down:- Open:/Starting Close:tlf/Initial',
  Closed:
    'Up:- Down:/Initial Open:scr/Req-Sent Close:/Closed TO+:- TO-:- RCR+:sta/Closed RCR-:sta/Closed RCA:sta/Closed RCN:sta/Closed RTR:sta/Closed RTA:/Closed RUC:scj/Closed RXJ+:/Closed RXJ-:tlf/Closed',
  Stopped:
    'Up:- Down:/Starting Open:/Stopped Close:/Closed TO+:- TO-:- RCR+:scr,sca/Ack-Sent RCR-:scr,scn/Req-Sent RCA:sta/Stopped RCN:sta/Stopped RTR:sta/Stopped RTA:/Stopped RUC:scj/Stopped RXJ+:/Stopped RXJ-:tlf/Stopped',
  Closing:
    'Up:- Down:/Initial Open:/Stopping Close:/Closing TO+:str/Closing TO-:tlf/Closed RCR+:/Closing RCR-:/Closing RCA:/Closing RCN:/Closing RTR:sta/Closing RTA:tlf/Closed RUC:scj/Closing RXJ+:/Closing RXJ-:tlf/Closed',
  Stopping:
    'Up:- Down:/Starting Open:/Stopping Close:/Closing TO+:str/Stopping TO-:tlf/Stopped RCR+:/Stopping RCR-:/Stopping RCA:/Stopping RCN:/Stopping RTR:sta/Stopping RTA:tlf/Stopped RUC:scj/Stopping RXJ+:/Stopping RXJ-:tlf/Stopped',
  'Req-Sent':
    'Up:- Down:/Starting Open:/Req-Sent Close:str/Closing TO+:scr/Req-Sent TO-:tlf/Stopped RCR+:sca/Ack-Sent RCR-:scn/Req-Sent RCA:/Ack-Rcvd RCN:scr/Req-Sent RTR:sta/Req-Sent RTA:/Req-Sent RUC:scj/Req-Sent RXJ+:/Req-Sent RXJ-:tlf/Stopped',
  'Ack-Rcvd':
    'Up:- Down:/Starting Open:/Ack-Rcvd Close:str/Closing TO+:scr/Req-Sent TO-:tlf/Stopped RCR+:sca,tlu/Opened RCR-:scn/Ack-Rcvd RCA:= RCN:= RTR:sta/Req-Sent RTA:/Req-Sent RUC:scj/Ack-Rcvd RXJ+:/Req-Sent RXJ-:tlf/Stopped',
  'Ack-Sent':
    'Up:- Down:/Starting Open:/Ack-Sent Close:str/Closing TO+:scr/Ack-Sent TO-:tlf/Stopped RCR+:sca/Ack-Sent RCR-:scn/Req-Sent RCA:tlu/Opened RCN:scr/Ack-Sent RTR:sta/Req-Sent RTA:/Ack-Sent RUC:scj/Ack-Sent RXJ+:/Ack-Sent RXJ-:tlf/Stopped',
  Opened:
    'Up:- Down:tld/Starting Open:/Opened Close:tld,str/Closing TO+:- TO-:- RCR+:tld,scr,sca/Ack-Sent RCR-:tld,scr,scn/Req-Sent RCA:= RCN:= RTR:tld,sta/Stopping RTA:tld,scr/Req-Sent RUC:scj/Opened RXJ+:/Opened RXJ-:tld,str/Stopping',
};

const cells = Object.entries(columns).flatMap(([state, column]) =>
  column.split(' ').map((cell) => {
    const [event = '', outcome = ''] = cell.split(/:(.*)/);
    return [event as AutomatonEvent, state as AutomatonState, outcome] as const;
  }),
);

test('every state has every event that can happen in it, and no more', () => {
  // 15 events in eight states, and without a lower layer four in two.
  expect(cells).toHaveLength(8 * 15 + 2 * 4);
});

test.each(cells)('%s in %s: %s', (event, state, outcome) => {
  // The way into Ack-Rcvd winds the restart counter up: only a Max-Configure of 0 leaves none.
  const driven = event === 'TO-' && state === 'Ack-Rcvd' ? new Driven(0) : new Driven();
  for (const step of wayTo[state]) driven.fire(step);
  expect(driven.automaton.state).toBe(state);
  const spare = event === 'TO-' ? (timeoutsLeft[state] ?? 0) : 0;
  for (let count = 0; count < spare; count++) driven.fire('TO+');
  const before = driven.automaton.state;
  driven.seen.length = 0;
  if (outcome === '-') {
    // A timer that does not run cannot expire; nothing tells Up twice.
    if (event.startsWith('TO')) expect(driven.automaton.deadline).toBeUndefined();
    driven.fire(event);
    expect([driven.seen, driven.automaton.state]).toEqual([[], before]);
    return;
  }
  driven.fire(event);
  const [actions = '', next] = outcome === '=' ? ['', before] : outcome.split('/');
  expect([...driven.seen].sort()).toEqual(actions === '' ? [] : actions.split(',').sort());
  expect(driven.automaton.state).toBe(next);
});

test.each(['Initial', 'Starting'] as const)(
  '%s hears no packet and no timer: there is no lower layer',
  (state) => {
    for (const event of ['TO+', 'RCR+', 'RCR-', 'RCA', 'RCN', 'RTR', 'RTA', 'RUC', 'RXJ+', 'RXJ-'] as const) {
      const driven = new Driven();
      for (const step of wayTo[state]) driven.fire(step);
      driven.seen.length = 0;
      driven.fire(event);
      expect([event, driven.seen, driven.automaton.state]).toEqual([event, [], state]);
    }
  },
);
