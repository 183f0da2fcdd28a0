import { goL2tpDriver } from './go-l2tp/driver.ts';
import { libreswan5Driver, libreswanDriver } from './libreswan/driver.ts';
import type { PeerDriver } from './peer.ts';
import { softetherDriver } from './softether/driver.ts';
import { strongswan6Driver, strongswanDriver } from './strongswan/driver.ts';
import { tsDriver } from './ts/driver.ts';

const drivers: readonly PeerDriver[] = [
  tsDriver,
  softetherDriver,
  strongswanDriver,
  strongswan6Driver,
  libreswanDriver,
  libreswan5Driver,
  goL2tpDriver,
];

/** Every peer that a cell can name, by name. Adding a peer is its folder and one line here. */
export const peers: ReadonlyMap<string, PeerDriver> = new Map(drivers.map((driver) => [driver.name, driver]));
