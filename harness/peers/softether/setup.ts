import type { Cell } from '../../cell.ts';
import { CrossnatError } from '../../error.ts';
import { knownCallers } from '../office-users.ts';
import type { CellSettings, TrafficTarget } from '../peer.ts';

/** The virtual network that SecureNAT gives to clients. */
const secureNat = {
  host: '192.168.30.1',
  firstLease: '192.168.30.10',
  lastLease: '192.168.30.200',
  mask: '255.255.255.0',
  prefix: '192.168.30.0/24',
};

export const trafficTarget: TrafficTarget = {
  address: secureNat.host,
  prefix: secureNat.prefix,
  oneSided: 'SecureNAT is a NAT: nothing behind it can begin traffic to the client',
};

/** The virtual hub that takes the clients. */
const hub = 'VPN';

/**
 * The commands that make a fresh server the responder of a cell, for vpncmd /IN. SecureNAT is kept in user
 * mode, which takes no capability; each command is answered by one line of success.
 */
export function setupCommands(cell: Cell, settings: CellSettings): string[] {
  const { preSharedKey } = settings;
  const { host, firstLease, lastLease, mask } = secureNat;
  const lease = `/START:${firstLease} /END:${lastLease} /MASK:${mask} /EXPIRE:7200 /GW:${host} /DNS:${host}`;
  return [
    `HubCreate ${hub} /PASSWORD:none`,
    `Hub ${hub}`,
    'ExtOptionSet DisableKernelModeSecureNAT /VALUE:1',
    'ExtOptionSet DisableIpRawModeSecureNAT /VALUE:1',
    ...knownCallers(cell, settings).flatMap(({ user, password }) => [
      `UserCreate ${word('user name', user)} /GROUP:none /REALNAME:none /NOTE:none`,
      `UserPasswordSet ${word('user name', user)} /PASSWORD:${word('password', password)}`,
    ]),
    `SecureNatHostSet /MAC:none /IP:${host} /MASK:${mask}`,
    // Without /DNS2 it stops and asks.
    `DhcpSet ${lease} /DNS2:none /DOMAIN:none /LOG:no`,
    'SecureNatEnable',
    `IPsecEnable /L2TP:yes /L2TPRAW:no /ETHERIP:no /PSK:${word('pre-shared key', preSharedKey)} /DEFAULTHUB:${hub}`,
  ];
}

/** vpncmd splits its lines at spaces and has its own quoting; nothing that needs it goes in. */
function word(what: string, value: string): string {
  if (/^[\w.-]+$/.test(value)) return value;
  throw new CrossnatError('bad-data', {
    doing: 'setting SoftEther up',
    found: `a ${what} with characters other than letters, digits, ".", "_" and "-"`,
    remedy: 'Use another one for cells with this responder',
  });
}
