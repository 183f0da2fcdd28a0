import type { Cell } from '../../../cell.ts';
import { CrossnatError } from '../../../error.ts';

/**
 * The responder's axes of a cell as changes of the How-To's script, so that what the responder takes is
 * a script in every cell.
 */
export function editedFor(script: string, cell: Cell): string {
  const unsupported = unsupportedByAlliedWare(cell);
  if (unsupported !== undefined) throw badAxis(unsupported);
  return [withBundleOrder, withPorts, withNatTraversal, withPhase1, withAuthentication].reduce(
    (text, edit) => edit(text, cell),
    script,
  );
}

/** Why no AlliedWare script can say what this cell asks of the responder; `undefined` when one can. */
export function unsupportedByAlliedWare(cell: Cell): string | undefined {
  if (cell.auth.startsWith('ms-chap')) {
    return `AlliedWare's AUTHENTICATION is CHAP, PAP, EITHER or NONE (CREATE PPP TEMPLATE), not ${cell.auth}`;
  }
  if (cell.p1 === 'script') return undefined;
  const [transform = '', ...more] = cell.p1.split('+');
  if (more.length > 0) return 'an AlliedWare ISAKMP policy offers one phase 1 transform, not several';
  const [encryption = '', hash = '', group = '', ...rest] = transform.split('-');
  if (!(encryption in encryptions)) return `AlliedWare has no phase 1 encryption ${encryption || '(none)'}`;
  if (!(hash in hashes)) return `AlliedWare has no phase 1 hash ${hash || '(none)'}`;
  if (!(group in groups) || rest.length > 0) {
    return `AlliedWare has groups 0, 1 and 2 only (SET ISAKMP POLICY), not ${group || '(none)'}`;
  }
  return undefined;
}

const encryptions: Readonly<Record<string, string>> = {
  des: 'des',
  '3des': '3desouter',
  aes128: 'aes128',
  aes192: 'aes192',
  aes256: 'aes256',
};
const hashes: Readonly<Record<string, string>> = { sha1: 'sha', md5: 'md5' };
const groups: Readonly<Record<string, string>> = { modp768: '1', modp1024: '2' };

function withPhase1(script: string, { p1 }: Cell): string {
  if (p1 === 'script') return script;
  const [encryption = '', hash = '', group = ''] = p1.split('-');
  const settings = `encalg=${encryptions[encryption]} hashalg=${hashes[hash]} group=${groups[group]}`;
  return `${script.trimEnd()}\nset isakmp policy=roaming1 ${settings}\n`;
}

function withBundleOrder(script: string, { p2 }: Cell): string {
  if (!/^\d+(-\d+)*$/.test(p2)) throw badAxis(`p2=${p2} is no order of SA specifications like 1-2-3-4`);
  return replaced(script, 'string="1 or 2 or 3 or 4"', `string="${p2.split('-').join(' or ')}"`);
}

function withPorts(script: string, { ports }: Cell): string {
  const setting = { lport: ' lport=1701', rport: ' rport=1701', both: ' lport=1701 rport=1701', none: '' }[
    ports
  ];
  return replaced(
    script,
    'set ipsec policy="all_roaming" transport=udp lport=1701',
    `set ipsec policy="all_roaming" transport=udp${setting}`,
  );
}

function withNatTraversal(script: string, { natt }: Cell): string {
  const on = natt === 'both' || natt === 'client-off';
  return replaced(script, 'localid=local natt=on', `localid=local natt=${on ? 'on' : 'off'}`);
}

function withAuthentication(script: string, { auth }: Cell): string {
  return auth === 'pap'
    ? replaced(script, 'authentication=chap echo=30', 'authentication=pap echo=30')
    : script;
}

/** Replaces text that the How-To's script has; a script without it cannot play the axis. */
function replaced(script: string, printed: string, text: string): string {
  if (!script.includes(printed)) throw badAxis(`the script does not say ${printed}`);
  return script.replace(printed, text);
}

function badAxis(found: string): CrossnatError {
  return new CrossnatError('usage', {
    doing: "changing the How-To's script for a cell",
    found,
    remedy: 'Choose another value of the axis, or another responder',
  });
}
