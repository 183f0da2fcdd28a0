import { expect, test } from 'vitest';
import { type AutomatonEvent, type AutomatonState, transition } from './transition.ts';

const events: AutomatonEvent[] = [
  ...(['Up', 'Down', 'Open', 'Close', 'TO+', 'TO-', 'RCR+', 'RCR-', 'RCA', 'RCN'] as const),
  ...(['RTR', 'RTA', 'RUC', 'RXJ+', 'RXJ-'] as const),
];
const states: AutomatonState[] = [
  ...(['Initial', 'Starting', 'Closed', 'Stopped', 'Closing', 'Stopping'] as const),
  ...(['Req-Sent', 'Ack-Rcvd', 'Ack-Sent', 'Opened'] as const),
];
/** RFC 1661 4.1: the restart timer runs in the states that have timeout events, and in no other. */
const timed = ['Closing', 'Stopping', 'Req-Sent', 'Ack-Rcvd', 'Ack-Sent'];

test('timeouts happen in the timed states alone', () => {
  for (const state of states) {
    for (const event of ['TO+', 'TO-'] as const) {
      expect(transition(event, state) !== undefined, `${event} in ${state}`).toBe(timed.includes(state));
    }
  }
});

test('packets are possible in every state whose lower layer is up, and in no other', () => {
  for (const event of events.slice(events.indexOf('RCR+'))) {
    for (const state of states) {
      const lowerUp = state !== 'Initial' && state !== 'Starting';
      expect(transition(event, state) !== undefined, `${event} in ${state}`).toBe(lowerUp);
    }
  }
});

test('entering Opened is This-Layer-Up, leaving it This-Layer-Down', () => {
  for (const state of states) {
    for (const event of events) {
      const move = transition(event, state);
      if (move === undefined) continue;
      const { actions, next } = move;
      expect(actions.includes('tlu'), `${event} in ${state}`).toBe(next === 'Opened' && state !== 'Opened');
      expect(actions.includes('tld'), `${event} in ${state}`).toBe(state === 'Opened' && next !== 'Opened');
    }
  }
});

test('a state that is timed was entered with the timer started or running', () => {
  for (const state of states) {
    for (const event of events) {
      const move = transition(event, state);
      if (!move || !timed.includes(move.next)) continue;
      const starts = move.actions.some((action) => ['scr', 'str', 'zrc'].includes(action));
      expect(starts || timed.includes(state), `${event} in ${state}`).toBe(true);
    }
  }
});

// RFC 1661 4.1, cells chosen by hand over every row and column.
test.each<[AutomatonEvent, AutomatonState, string, AutomatonState]>([
  ['Up', 'Starting', 'irc,scr', 'Req-Sent'],
  ['Down', 'Stopped', 'tls', 'Starting'],
  ['Open', 'Closed', 'irc,scr', 'Req-Sent'],
  ['Close', 'Opened', 'tld,irc,str', 'Closing'],
  ['TO+', 'Ack-Sent', 'scr', 'Ack-Sent'],
  ['TO-', 'Closing', 'tlf', 'Closed'],
  ['RCR+', 'Stopped', 'irc,scr,sca', 'Ack-Sent'],
  ['RCR-', 'Ack-Rcvd', 'scn', 'Ack-Rcvd'],
  ['RCA', 'Ack-Sent', 'irc,tlu', 'Opened'],
  ['RCN', 'Ack-Sent', 'irc,scr', 'Ack-Sent'],
  ['RTR', 'Opened', 'tld,zrc,sta', 'Stopping'],
  ['RTA', 'Stopping', 'tlf', 'Stopped'],
  ['RUC', 'Closing', 'scj', 'Closing'],
  ['RXJ+', 'Ack-Rcvd', '', 'Req-Sent'],
  ['RXJ-', 'Opened', 'tld,irc,str', 'Stopping'],
])('%s in %s does %s and goes to %s', (event, state, actions, next) => {
  expect(transition(event, state)).toEqual({ actions: actions === '' ? [] : actions.split(','), next });
});
