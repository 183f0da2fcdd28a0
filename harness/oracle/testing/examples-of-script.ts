import { clientNat, type Example, script } from './example-parts.ts';

/** For tests: a cell of each rule about the script of the How-To. Outcomes by hand from the rule table's rows. */
export const examplesOfScript: Readonly<Record<string, Example>> = {
  'AW-1': {
    speaks: { responder: script({ permits: ['isakmp_float'] }) },
    outcome: 'stop at reach: no-answer',
    silent: { responder: script({}) },
  },
  'AW-2': {
    speaks: { responder: script({ rules: [1, 2] }) },
    outcome: 'stop at l2tp-tunnel: no-answer',
    silent: { responder: script({}) },
  },
  'AW-3': {
    speaks: { responder: { ...script({}), keyIsMissing: 'lost' } },
    outcome: 'stop at phase1: no-key',
    silent: { responder: script({}) },
  },
  'AW-4': {
    speaks: { responder: { ...script({ has3des: false }), phase2: ['des-sha1', 'des-md5'] } },
    outcome: 'connect',
    silent: { responder: script({}) },
  },
  'AW-5': {
    speaks: {
      placement: clientNat,
      responder: { ...script({ knowsNatTraversal: false }), natTraversal: [] },
    },
    outcome: 'stop at phase1: id-mismatch',
    silent: { responder: { ...script({ knowsNatTraversal: false }), natTraversal: [] } },
  },
  'AW-6': {
    speaks: { client: { phase1: ['3des-sha1-modp1024'] } },
    outcome: 'stop at phase1: no-proposal-chosen',
    disputed: true,
    silent: { responder: { phase1IsScriptDefault: false } },
  },
};
