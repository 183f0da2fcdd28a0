import type { OfficeUser } from '../office-users.ts';
import { type ConfigFile, configDirectory, quoted } from './configuration.ts';
import { pppOptionsFile } from './xl2tpd.ts';

/** Its restart timers are whole seconds, 3 unless set (RFC 1661 4.6): one is as near as it gets to any factor. */
function restartSeconds(timerFactor: number): number {
  return Math.max(1, Math.round(3 * timerFactor));
}

/** What both ends have: everything told, on the outputs of xl2tpd; no IPv6, no compression. */
function commonOptions(timerFactor: number): string[] {
  const seconds = restartSeconds(timerFactor);
  return [
    'debug',
    'logfd 2',
    'noipv6',
    'noccp',
    'mtu 1400',
    'mru 1400',
    'nodefaultroute',
    ...['lcp', 'ipcp', 'chap'].map((protocol) => `${protocol}-restart ${seconds}`),
  ];
}

const ipUpScript = `${configDirectory}/ip-up`;

/** A client, which routes these networks into the tunnel. */
export function clientPppFiles(
  user: string,
  password: string,
  timerFactor: number,
  tunnelRoutes: readonly string[],
): ConfigFile[] {
  const options = [
    ...commonOptions(timerFactor),
    'noauth',
    'refuse-eap',
    'refuse-pap',
    'usepeerdns',
    `user ${quoted('user name', user)}`,
    `ip-up-script ${ipUpScript}`,
  ];
  const routes = tunnelRoutes.map((network) => `ip route add ${network} dev "$1"`);
  return [
    { path: pppOptionsFile, text: options.join('\n') },
    { path: ipUpScript, text: ['#!/bin/sh -e', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', ...routes].join('\n') },
    secretsFile([{ user, password }]),
  ];
}

/**
 * A responder, which demands CHAP with MD5 of these users (xl2tpd adds `auth require-chap refuse-pap`). It waits
 * for the client's first Configure-Request: its own may come before a pppd at the other end listens, and would
 * then be sent again a whole restart timer later.
 */
export function serverPppFiles(users: readonly OfficeUser[], dns: string, timerFactor: number): ConfigFile[] {
  const options = [...commonOptions(timerFactor), 'silent', `ms-dns ${dns}`];
  return [{ path: pppOptionsFile, text: options.join('\n') }, secretsFile(users)];
}

/** Secrets for either side: client, server, secret, addresses that the client may have. */
function secretsFile(users: readonly OfficeUser[]): ConfigFile {
  const lines = users.map(({ user, password, address = '*' }) =>
    [quoted('user name', user), '*', quoted('password', password), address].join(' '),
  );
  return { path: `${configDirectory}/chap-secrets`, text: lines.join('\n') };
}
