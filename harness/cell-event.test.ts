import { expect, test } from 'vitest';
import { parseCellId } from './cell.ts';
import { tooLongForContainers, whyNoEvent } from './cell-event.ts';

test.each(['direct', 'shared-nat/clients=2', 'rebinding-nat', 'hotel-nat/event=rekey-by-client'])(
  '%s: nothing speaks against it',
  (id) => {
    expect(whyNoEvent(parseCellId(id))).toBeUndefined();
  },
);

test.each([
  ['shared-nat/clients=2/event=responder-restart', 'happens to a client that is alone'],
  ['direct/impair=ppp-bad-magic/event=client-power-cut', 'do nothing wrong of themselves'],
  ['rebinding-nat/event=rekey-by-client', 'something happens at the NAT'],
  ['short-timeout-nat/event=rekey-by-client', 'something happens at the NAT'],
  ['hotel-nat/nat=very-short-timeout/event=client-power-cut', 'outlasts the UDP mappings of very-short'],
  ['hotel-nat/nat=lossy/event=responder-restart', 'where nothing is lost'],
])('%s: %s', (id, why) => {
  expect(whyNoEvent(parseCellId(id))).toContain(why);
});

test('a responder that asks whether silent clients live is waited for in virtual time alone', () => {
  const asking = 'hotel-nat/client=ts:chromeos/responder=ts:setup-ipsec-vpn';
  // setup-ipsec-vpn: dpdtimeout=300.
  expect(tooLongForContainers(parseCellId(`${asking}/event=client-power-cut`))).toBe(
    'ts:setup-ipsec-vpn takes 300 s to find a silent client dead',
  );
  for (const id of [asking, `${asking}/event=responder-restart`, 'hotel-nat/event=client-power-cut']) {
    expect(tooLongForContainers(parseCellId(id))).toBeUndefined();
  }
});
