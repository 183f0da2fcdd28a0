import type { Cell } from '../../../cell.ts';
import { CrossnatError } from '../../../error.ts';

/**
 * The responder's axes of a cell as changes of the How-To's script, so that what the responder takes is
 * a script in every cell.
 */
export function editedFor(script: string, cell: Cell): string {
  const unsupported = unsupportedByAlliedWare(cell);
  if (unsupported !== undefined) throw badAxis(unsupported);
  return [withScript, withBundleOrder, withPorts, withNatTraversal, withPhase1, withAuthentication].reduce(
    (text, edit) => edit(text, cell),
    script,
  );
}

/** The steps before the script, as a cell has them typed: without system security a restart destroys what they made. */
export function preparedFor(preparation: string, { script }: Pick<Cell, 'script'>): string {
  return script === 'key-lost' ? without(preparation, 'enable system security') : preparation;
}

/** Why no AlliedWare script can say what this cell asks of the responder; `undefined` when one can. */
export function unsupportedByAlliedWare(cell: Cell): string | undefined {
  if (cell.auth.startsWith('ms-chap')) {
    return `AlliedWare's AUTHENTICATION is CHAP, PAP, EITHER or NONE (CREATE PPP TEMPLATE), not ${cell.auth}`;
  }
  if (cell.script === 'no-3des' && (phase1Of(cell).startsWith('3des') || !/[34]/.test(cell.p2))) {
    return 'without its licence a router has no 3DES';
  }
  if (cell.script === 'before-2.6.4' && (cell.natt === 'both' || cell.natt === 'client-off')) {
    return 'before release 2.6.4 a router has no NAT-T: natt is responder-off, or off';
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

/** Lines that the cell's script lacks, or that its router could not take. */
function withScript(text: string, { script }: Cell): string {
  switch (script) {
    case 'no-isakmp-permits':
      return without(text, 'ipsec policy="isakmp"', 'ipsec policy="isakmp_float"');
    case 'no-isakmp-no-internet':
      return without(text, 'ipsec policy="isakmp"', 'ipsec policy="internet"');
    case 'no-float-no-internet':
      return without(text, 'ipsec policy="isakmp_float"', 'ipsec policy="internet"');
    case 'no-rule-1':
    case 'no-rule-2':
    case 'no-rule-3':
      return without(text, `policy=main rule=${script.at(-1)} `);
    case 'no-3des':
      return without(text, 'encalg=3desouter');
    case 'no-nat-for-vpn-users':
      return without(text, 'nat=enhanced int=dyn-dynamic');
    case 'pool-of-one':
      return replaced(text, 'ip=<pool-range>', 'ip=192.168.8.50-192.168.8.50');
    default:
      return text;
  }
}

/** The commands, with their continuation lines, that say none of this. */
function without(script: string, ...what: readonly string[]): string {
  const commands = script.split(/\n(?![ \t])/);
  return what
    .reduce((left, each) => {
      const rest = left.filter((command) => !command.includes(each));
      if (rest.length === left.length) throw badAxis(`the script does not say ${each}`);
      return rest;
    }, commands)
    .join('\n');
}

/** Its other reading gives the script other defaults: said by name they are the same (rule AW-6). */
function phase1Of({ p1, reading }: Pick<Cell, 'p1' | 'reading'>): string {
  return p1 === 'script' && reading === 'b' ? '3des-sha1-modp1024' : p1;
}

function withPhase1(script: string, cell: Cell): string {
  const phase1 = phase1Of(cell);
  if (phase1 === 'script') return script;
  const [encryption = '', hash = '', group = ''] = phase1.split('-');
  const settings = `encalg=${encryptions[encryption]} hashalg=${hashes[hash]} group=${groups[group]}`;
  return `${script.trimEnd()}\nset isakmp policy=roaming1 ${settings}\n`;
}

function withBundleOrder(text: string, { p2, script }: Cell): string {
  if (!/^\d+(-\d+)*$/.test(p2)) throw badAxis(`p2=${p2} is no order of SA specifications like 1-2-3-4`);
  // Specifications 1 and 2 are those with 3DES.
  const specifications = p2.split('-').filter((number) => script !== 'no-3des' || Number(number) > 2);
  return replaced(text, 'string="1 or 2 or 3 or 4"', `string="${specifications.join(' or ')}"`);
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

function withNatTraversal(text: string, { natt, script }: Cell): string {
  if (script === 'before-2.6.4') return replaced(text, 'localid=local natt=on', 'localid=local');
  const on = natt === 'both' || natt === 'client-off';
  return replaced(text, 'localid=local natt=on', `localid=local natt=${on ? 'on' : 'off'}`);
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
