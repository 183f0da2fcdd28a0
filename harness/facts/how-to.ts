/**
 * What the AlliedWare How-To (C613-16034-00 REV E) prints, for the oracle: written from the document, not
 * read from a compiled script, so that a mistake in reading the script cannot become an expectation.
 */

import type { Cell } from '../cell.ts';
import type { ScriptFacts } from '../oracle/facts.ts';

/** The SA specifications of the script, by number. */
export const saSpecifications: Readonly<Record<string, string>> = {
  '1': '3des-sha1',
  '2': '3des-md5',
  '3': 'des-sha1',
  '4': 'des-md5',
};

/** The user database; who has no address gets one from the pool. */
export const users: readonly { readonly name: string; readonly address?: string }[] = [
  { name: 'secoff' },
  { name: 'dialin1', address: '192.168.8.50' },
  { name: 'dialin2' },
  { name: 'dialin3', address: '192.168.8.51' },
  { name: 'dialin4' },
];

/** The example that a comment of the script gives for `<pool-range>`. */
export const pool = { first: '192.168.8.1', last: '192.168.8.254' };

/** `script=pool-of-one`: the user database gives it away. */
export const poolOfOne = { first: '192.168.8.50', last: '192.168.8.50' };

/** `echo=30`. */
export const howToEchoSeconds = 30;

/** Phase 1 of its ISAKMP policy, which says nothing of it, in both readings (rule AW-6). */
export function phase1Default({ reading }: Pick<Cell, 'reading'>): string {
  return reading === 'b' ? '3des-sha1-modp1024' : 'des-sha1-modp768';
}

/** What a cell leaves of the script, line by line. */
export function scriptFacts({ script }: Pick<Cell, 'script'>): ScriptFacts {
  const permits: Partial<Record<Cell['script'], ScriptFacts['permits']>> = {
    'no-isakmp-permits': ['internet'],
    'no-isakmp-no-internet': ['isakmp_float'],
    'no-float-no-internet': ['isakmp'],
  };
  const rules: Partial<Record<Cell['script'], ScriptFacts['rules']>> = {
    'no-rule-1': [2, 3],
    'no-rule-2': [1, 3],
    'no-rule-3': [1, 2],
  };
  return {
    permits: permits[script] ?? ['isakmp', 'isakmp_float', 'internet'],
    rules: rules[script] ?? [1, 2, 3],
    has3des: script !== 'no-3des',
    knowsNatTraversal: script !== 'before-2.6.4',
    translatesUsers: script !== 'no-nat-for-vpn-users',
  };
}

/** `authentication=chap`, and `lport=1701`. */
export const authentication: readonly string[] = ['chap-md5'];
export const l2tpPort = 1701;
