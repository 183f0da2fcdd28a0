import { byClient, plain, stops } from './define.ts';

/* A client that cannot begin at all. */

export const stoppedService = [
  plain({
    name: 'service-stopped',
    reason:
      'The IPsec service of the client is stopped: another VPN client or a firewall disabled it, and its user sees an error at once.',
    playedBy: byClient,
    reaction: stops('reach', 'nothing-sent', 'never hears of anybody: not one message leaves'),
    begin: () => ({ cannotDial: 'its IPsec service is stopped' }),
  }),
];
