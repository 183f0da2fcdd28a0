/**
 * What a rule may cite: the public titles of docs/sources.md. A citation begins with one of them and goes on with the
 * place in it: `RFC 3947 section 4`, `KB 885407 (value 0)`.
 */
export const howTo = 'AlliedWare How-To C613-16034-00 REV E';
export const sans = 'Remote Access IPSec VPNs: Pros and Cons of 2 Common Clients';
export const enhancements = 'IPSec Enhancements for Windows XP and Win2K';
export const vpnPost = 'VPN Setup with L2TP & IPSEC';
export const natArticle = 'Using NAT with L2TP over IPSec';

export const sources: readonly string[] = [
  howTo,
  sans,
  enhancements,
  vpnPost,
  natArticle,
  'CentreCOM AR450S Command Reference 2.9',
  '[MS-IKEE]',
  '[MS-L2TPIE]',
  '[MS-FASP]',
  'KB 885407',
  'KB 947234',
  'Openswan',
  'libreswan issue',
  'setup-ipsec-vpn',
  'strongSwan',
  'cloudstack pull request 872',
  'xl2tpd commit 5f404c7',
  'android_external_ipsec-tools',
  'MikroTik',
  'kl2tpd(8)',
  'pppd logs of Windows XP clients over l2tpd',
  'pastebin EmQnXqsn',
  'our own choice',
];

const standard = /^RFC (\d+)( sections? [\w., ]+| REQ-\w+)?( \(.*\))?$/;

/** The title that a citation begins with, `RFC 3947` for a standard; `undefined` for one that names no known source. */
export function titleOf(citation: string): string | undefined {
  const rfc = standard.exec(citation);
  return rfc ? `RFC ${rfc[1]}` : sources.find((title) => citation.startsWith(title));
}
