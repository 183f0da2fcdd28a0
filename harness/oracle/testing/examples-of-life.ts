import { clientNat, type Example, impaired } from './example-parts.ts';

/** For tests: a cell of each rule about ESP, wires and the life of SAs. Outcomes by hand from the rule table's rows. */
export const examplesOfLife: Readonly<Record<string, Example>> = {
  'ESP-1': {
    speaks: { client: { phase2: ['aes256-sha256_96'] }, responder: { phase2: ['aes256-sha256'] } },
    outcome: 'stop at esp: bad-icv',
    silent: { client: { phase2: ['aes256-sha256'] }, responder: { phase2: ['aes256-sha256'] } },
  },
  'ESP-2': {
    speaks: { placement: clientNat, ...impaired('client', 'encapsulation-number') },
    outcome: 'stop at phase2: no-proposal-chosen',
    // ESP goes as protocol 50, whose number is the same everywhere.
    silent: impaired('client', 'encapsulation-number'),
  },
  'ESP-3': {
    speaks: { placement: clientNat, client: { natOriginalAddress: 'never' } },
    outcome: 'connect',
    silent: { placement: clientNat, client: { natOriginalAddress: 'when-behind-nat' } },
  },
  'LIFE-1': {
    speaks: { event: 'rekey-by-responder', placement: { clientNats: 1 } },
    outcome: 'connect',
    silent: { event: 'responder-restart' },
  },
  'LIFE-2': { speaks: { event: 'responder-restart' }, outcome: 'connect', silent: {} },
  'LINK-1': {
    speaks: { placement: { ...clientNat, wires: 'lose-some' } },
    outcome: 'connect',
    silent: { placement: clientNat },
  },
  'WIRE-1': { speaks: {}, outcome: 'connect', silent: impaired('client', 'drop', 'main-mode', '5') },
};
