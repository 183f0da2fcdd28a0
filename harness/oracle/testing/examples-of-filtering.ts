import { clientNat, type Example, filter, rightFilter } from './example-parts.ts';

/** For tests: a cell of each rule about filters. Outcomes by hand from the rule table's rows. */
export const examplesOfFiltering: Readonly<Record<string, Example>> = {
  'FW-1': { speaks: { placement: filter(...rightFilter) }, outcome: 'connect', silent: {} },
  'FW-2': {
    speaks: { placement: filter('udp 500', 'udp 4500') },
    outcome: 'stop at esp: esp-dropped',
    // ESP goes in UDP.
    silent: { placement: { ...filter('udp 500', 'udp 4500'), ...clientNat } },
  },
  'FW-3': {
    speaks: { placement: filter('udp 500', 'udp 4500', 'tcp 50') },
    outcome: 'stop at esp: esp-dropped',
    silent: { placement: filter(...rightFilter, 'tcp 50') },
  },
  'FW-4': {
    speaks: { placement: filter(...rightFilter, 'udp 1701') },
    outcome: 'connect',
    silent: { placement: filter(...rightFilter) },
  },
  'FW-5': {
    speaks: { placement: clientNat, client: { withoutIpsec: true } },
    outcome: 'stop at l2tp-tunnel: no-answer',
    silent: { placement: filter(...rightFilter, 'udp 1701') },
  },
  'FW-6': {
    speaks: { placement: filter(...rightFilter, 'ah') },
    outcome: 'connect',
    silent: { placement: filter(...rightFilter) },
  },
  'FW-7': {
    speaks: { placement: { dialledAddressIsOld: true } },
    outcome: 'stop at reach: no-answer',
    silent: {},
  },
  'FW-8': {
    speaks: { placement: { ...filter('udp 500', 'esp'), ...clientNat } },
    outcome: 'stop at phase1: no-answer',
    // Without NAT nothing moves to 4500.
    silent: { placement: filter('udp 500', 'esp') },
  },
};
