/**
 * What the AlliedWare How-To (C613-16034-00 REV E) prints, for the oracle: written from the document, not
 * read from a compiled script, so that a mistake in reading the script cannot become an expectation.
 */

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

/** `authentication=chap`, and `lport=1701`. */
export const authentication: readonly string[] = ['chap-md5'];
export const l2tpPort = 1701;
