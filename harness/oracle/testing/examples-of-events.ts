import type { Example } from './example-parts.ts';

const echo = { echo: { seconds: 30, failures: 3 } };

/** What happens to connections that stand, by the rules that speak of it. */
export const examplesOfEvents: Readonly<Record<string, Example>> = {
  'LIFE-1': {
    speaks: { event: 'rekey-by-responder', placement: { clientNats: 1 } },
    outcome: 'connect',
    silent: { event: 'responder-restart' },
  },
  'LIFE-2': { speaks: { event: 'responder-restart' }, outcome: 'connect', silent: {} },
  'PPP-8': {
    speaks: { event: 'client-power-cut', responder: echo },
    outcome: 'connect',
    // One that sends no echoes does not notice, and the rule says nothing of it.
    silent: { event: 'client-power-cut' },
  },
};
