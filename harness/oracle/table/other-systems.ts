import { natArticle, sans, vpnPost } from '../sources.ts';
import type { Entry } from './entry.ts';

const cisco = 'XAUTH, Mode Config and groups of aggressive mode are not spoken here';
const pptp = 'PPTP is not spoken here';

/** The other systems that the project was started from. */
export const otherSystemEntries = [
  {
    id: 'CISCO-1',
    when: 'Cisco client: aggressive mode with a group key, XAUTH, Mode Config, tunnel mode, behind NAT, several at once',
    must: 'connect: the end of the tunnel is the assigned inner address',
    source: [sans],
    confidence: 'R',
    state: 'not-built',
    why: cisco,
  },
  {
    id: 'CISCO-2',
    when: 'wrong XAUTH password / Cisco client against a gateway without those extensions',
    must: 'stop at phase1, for XAUTH / at phase1',
    source: [sans],
    confidence: 'D',
    state: 'not-built',
    why: cisco,
  },
  {
    id: 'CERT-1',
    when: 'RSA signatures; certificate valid / revoked and a fresh CRL / revoked and an unexpired cached CRL',
    must: 'connect / stop at phase1 / connect',
    source: [`${sans} ("most devices will wait until the former CRL has expired")`],
    confidence: 'V',
    state: 'not-built',
    why: 'certificates are not spoken here',
  },
  {
    id: 'PPTP-1',
    when: 'PPTP through NAT: GRE dropped / mapped without a helper / with one',
    must: 'stop at ppp-lcp / the first client connects, a second to the same server fails / all connect',
    source: [vpnPost, natArticle, 'RFC 2637'],
    confidence: 'D',
    state: 'not-built',
    why: pptp,
  },
  {
    id: 'PPTP-2',
    when: 'firewall opened for TCP 1701 instead of 1723',
    must: 'stop at reach',
    source: [`${vpnPost} (its error)`],
    confidence: 'V',
    state: 'not-built',
    why: pptp,
  },
] as const satisfies readonly Entry[];
