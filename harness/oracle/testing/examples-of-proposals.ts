import { type Example, rport } from './example-parts.ts';

/** For tests: a cell of each rule about proposals, keys and identities. Outcomes by hand from the rule table's rows. */
export const examplesOfProposals: Readonly<Record<string, Example>> = {
  'PROP-1': { speaks: {}, outcome: 'connect', silent: { client: { phase2: ['aes128-sha1'] } } },
  'PROP-2': {
    speaks: { responder: { phase1: ['aes128-sha1-modp1024'], phase1IsScriptDefault: false } },
    outcome: 'stop at phase1: no-proposal-chosen',
    silent: {},
  },
  'PROP-3': {
    speaks: { client: { phase2: ['aes128-sha1'] } },
    outcome: 'stop at phase2: no-proposal-chosen',
    // No policy is found, so no bundle is looked at.
    silent: { client: { phase2: ['aes128-sha1'] }, responder: rport },
  },
  'PROP-4': {
    speaks: { responder: { pfs: ['modp1024'] } },
    outcome: 'stop at phase2: no-proposal-chosen',
    silent: {},
  },
  'PROP-5': {
    speaks: { responder: { phase2: ['des-md5', '3des-sha1'] } },
    outcome: 'connect',
    silent: { responder: { phase2: ['des-md5', '3des-sha1'], choice: 'initiator-order' } },
  },
  'PROP-6': {
    speaks: { credentials: { preSharedKeysAgree: false } },
    outcome: 'stop at phase1: auth-failed',
    silent: {
      credentials: { preSharedKeysAgree: false },
      placement: { responderNat: { udp500: true, udp4500: false, esp: false } },
    },
  },
  'PROP-7': {
    speaks: {
      client: { lifetimes: { phase1: 28_800, phase2: 3600 } },
      responder: { lifetimes: { phase1: 86_400, phase2: 3600 } },
    },
    outcome: 'connect',
    silent: {
      client: { lifetimes: { phase1: 28_800, phase2: 3600 } },
      responder: { lifetimes: { phase1: 28_800, phase2: 3600 } },
    },
  },
  'PROP-8': {
    speaks: { client: { aggressive: true } },
    outcome: 'stop at phase1: no-policy',
    silent: { client: { aggressive: true }, responder: { acceptsAggressive: true } },
  },
};
