import { type Cell, parseCellId } from '../harness/cell.ts';

export const tier = 'pull-request';

/**
 * For each rule that no other suite has a cell of, one that shows it, and for those with several parts or readings one
 * for each. `npm test -- --list --rules --tier nightly` names all rules with their cells.
 */
const examples: Readonly<Record<string, readonly string[]>> = {
  'NAT-10': [
    'esp-passthrough/client=ts:no-checksums/responder=ts:any-address/natt=off/clients=2',
    'esp-passthrough/nat=linux-esp/client=ts:no-checksums/responder=ts:any-address/natt=off/clients=2',
  ],
  'NAT-11': [
    'esp-passthrough/responder=ts:any-address/natt=off',
    'esp-passthrough/client=ts:no-checksums/responder=ts:any-address/natt=off',
  ],
  'NAT-13': ['short-timeout-nat/nat=long-idle/client=ts:windows-vista/p1=3des-sha1-modp1024'],
  'NAT-15': ['hotel-nat/revision=rfc3947'],
  'NAT-16': ['hotel-nat/responder=ts:plain/natt=off', 'office-nat/responder=ts:plain/natt=off'],
  'NAT-17': ['hotel-nat/nat=esp-out-only/client=ts:no-checksums/responder=ts:any-address/natt=off'],
  'NAT-18': ['hotel-nat/responder=ts:any-address/natt=off'],
  'NAT-19': [
    'hotel-nat/client=ts:android/responder=ts:plain/revision=draft-00',
    'office-nat/nat=only-500/client=ts:android/responder=ts:plain/revision=draft-00',
  ],
  'NAT-22': [
    'hotel-nat/nat=fragment-dropping/impair=oversized',
    'hotel-nat/nat=fragment-dropping/impair=responder:oversized',
    'hotel-nat/nat=fragment-dropping/responder=ts:windows-server-2003/impair=oversized',
    'hotel-nat/nat=fragment-dropping/client=ts:android/responder=ts:windows-server-2003/impair=oversized',
  ],
  'TRAF-3': [
    'hotel-nat/nat=small-mtu/client=ts:macos/p1=3des-sha1-modp1024',
    // What was learned of the MTU before must be forgotten here.
    'hotel-nat/nat=black-hole/responder=ts:plain',
    'hotel-nat/nat=black-hole/client=ts:macos/p1=3des-sha1-modp1024',
    'hotel-nat/nat=small-mtu+fragment-dropping',
    'hotel-nat/nat=fragment-dropping/client=ts:macos/p1=3des-sha1-modp1024',
  ],
  'WIN-5': ['hotel-nat/rule=0'],
  'NAT-20': ['office-nat/responder=ts:own-address'],
  'FW-5': [
    'direct/client=ts:without-ipsec/responder=ts:plain',
    'filtering-gateway/client=ts:without-ipsec',
    'filtering-gateway/nat=with-1701/client=ts:without-ipsec',
  ],
  'AW-1': [
    'hotel-nat/script=no-isakmp-permits',
    'hotel-nat/script=no-isakmp-no-internet',
    'hotel-nat/script=no-float-no-internet',
    'direct/script=no-float-no-internet',
  ],
  'AW-2': [
    'hotel-nat/script=no-rule-1',
    'hotel-nat/script=no-rule-2',
    'direct/script=no-rule-2',
    'hotel-nat/script=no-rule-3',
  ],
  'AW-3': ['direct/script=key-lost', 'office-nat/script=key-lost'],
  'AW-4': [
    'direct/script=no-3des',
    'direct/client=ts:windows-7/script=no-3des',
    'direct/script=no-3des/p1=des-sha1-modp768',
  ],
  'AW-5': ['hotel-nat/script=before-2.6.4/natt=responder-off'],
  'AW-6': ['direct/client=ts:windows-vista/reading=b'],
  'WIN-9': [
    'direct/responder=ts:windows-server-2003',
    'direct/responder=ts:windows-server-2003/p1=3des-sha1-modp2048+3des-sha1-modp1024',
  ],
  'WIN-10': [
    'direct/reading=a/psk=special',
    'direct/reading=b/psk=special',
    'direct/client=ts:plain/p1=3des-sha1-modp1024/reading=b/psk=special',
    'hotel-nat/responder=ts:plain/psk=special',
  ],
  'WIN-11': [
    'office-nat/rule=2-wrong-key',
    'office-nat/client=ts:windows-7/p1=3des-sha1-modp1024/rule=2-before-reboot',
  ],
  'WIN-13': ['hotel-nat/responder=ts:windows-server-2000/natt=responder-off'],
  'WIN-12': [
    'direct/impair=service-stopped',
    'both-nat/impair=service-stopped',
    'filtering-gateway/impair=service-stopped',
  ],
  'PORT-5': ['direct/client=ts:windows-7/p1=3des-sha1-modp1024/ports=rport'],
  'PORT-7': ['direct/ports=both', 'direct/client=ts:windows-7/p1=3des-sha1-modp1024/ports=both'],
  'PROP-4': ['direct/responder=ts:demands-pfs', 'direct/client=ts:mikrotik/responder=ts:demands-pfs'],
  'ESP-2': [
    'hotel-nat/impair=encapsulation-number',
    'hotel-nat/client=ts:plain/responder=ts:plain/impair=encapsulation-number',
    'hotel-nat/client=ts:macos/responder=ts:setup-ipsec-vpn/impair=encapsulation-number',
    'direct/impair=encapsulation-number',
  ],
  'LIFE-1': [
    'direct/event=rekey-by-client',
    'hotel-nat/event=rekey-by-client',
    'both-nat/event=rekey-by-responder',
  ],
  'LIFE-2': ['direct/event=responder-restart', 'both-nat/event=responder-restart'],
  'PPP-8': ['hotel-nat/event=client-power-cut', 'direct/user=dialin2/event=client-power-cut'],
  'PPP-3': ['direct/user=dialin2/script=pool-of-one'],
  'PPP-10': [
    'direct/client=ts:windows-xp-sp2-as-installed/reading=a',
    'direct/client=ts:windows-xp-sp2-as-installed/reading=b',
  ],
  'PPP-11': ['shared-nat/responder=ts:one-tunnel/clients=2'],
  'MULTI-2': ['sales-people/clients=5'],
  'MULTI-3': [
    'sales-people/user=dialin2/clients=2/callers=same',
    'sales-people/clients=2/callers=same',
    'shared-nat/client=ts:windows-7/p1=3des-sha1-modp1024/clients=2/callers=same',
    'sales-people/responder=ts:newest-caller/clients=2/callers=same',
    'sales-people/responder=ts:newest-caller/user=dialin2/clients=5/callers=same',
    'sales-people/responder=ts:oldest-caller/clients=2/callers=same',
  ],
  'MULTI-4': [
    'sales-people/client=ts:windows-7/p1=3des-sha1-modp1024/clients=5',
    'sales-people/client=ts:plain/responder=ts:plain/clients=5',
  ],
  'TRAF-1': [
    'hotel-nat/browse=internet',
    'hotel-nat/script=no-nat-for-vpn-users/browse=internet',
    'both-nat/script=no-nat-for-vpn-users/browse=internet',
    'hotel-nat/responder=ts:plain/browse=internet',
    'shared-nat/clients=2/browse=internet',
    'hotel-nat/responder=softether/browse=internet',
    'hotel-nat/responder=strongswan/browse=internet',
  ],
  'TRAF-2': [
    'hotel-nat/gateway=local',
    'hotel-nat/gateway=local/browse=internet',
    'both-nat/gateway=local/browse=internet',
    'hotel-nat/client=strongswan/gateway=local/browse=internet',
    'hotel-nat/script=no-nat-for-vpn-users/gateway=local/browse=internet',
  ],
  'MULTI-5': ['shared-nat/client=ts:plain/responder=ts:plain/clients=2'],
};

export const cells: readonly Cell[] = Object.values(examples)
  .flat()
  .map((id) => parseCellId(id));
