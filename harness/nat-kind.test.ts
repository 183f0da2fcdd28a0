import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseData } from './data-file.ts';
import { natKindSchema } from './nat-kind.ts';
import { loadNatKind, natKindNames } from './nat-kinds.ts';

const directory = new URL('../topologies/nat-kinds/', import.meta.url);
const text = (name: string) => readFileSync(new URL(`${name}.yaml`, directory), 'utf8');

/** Reads a kind after one change to its text. */
function readChanged(name: string, from: string, to: string): void {
  if (!text(name).includes(from)) throw new Error(`${name}.yaml does not say ${JSON.stringify(from)}`);
  parseData(text(name).replace(from, to), `${name}.yaml`, natKindSchema);
}

test('every file of the folder is a kind of its own name', () => {
  expect(natKindNames()).toHaveLength(readdirSync(directory).length);
  for (const name of natKindNames()) expect(loadNatKind(name)).toMatchObject({ name });
});

test('the four kinds of RFC 3489 section 5, in the words of RFC 4787', () => {
  const words = (name: string) => [loadNatKind(name).mapping, loadNatKind(name).filtering];
  const [ei, ad, apd] = ['endpoint-independent', 'address-dependent', 'address-and-port-dependent'];
  expect(words('full-cone')).toEqual([ei, ei]);
  expect(words('address-restricted')).toEqual([ei, ad]);
  expect(words('port-restricted')).toEqual([ei, apd]);
  expect(words('symmetric')).toEqual([apd, apd]);
});

test('the kind that follows RFC 4787 has what its REQ-1, 5, 6, 8 and 9 ask for', () => {
  const { mapping, udpSeconds, filtering, hairpin } = loadNatKind('hairpin');
  expect([mapping, hairpin]).toEqual(['endpoint-independent', true]);
  expect(udpSeconds).toBeGreaterThanOrEqual(120);
  expect(filtering).not.toBe('address-and-port-dependent');
});

// biome-ignore format: one line per case is the table
test.each([
  ['filtering wider than a shared port allows', 'symmetric', 'filtering: address-and-port-dependent', 'filtering: endpoint-independent', 'filtering: filtering that is endpoint-independent contradicts mapping that is address-and-port-dependent'],
  ['IKE helper without ESP', 'ike-helper', 'esp: one-host', 'esp: dropped', 'ike: keeps-port-500 contradicts esp: dropped'],
  ['word that RFC 4787 does not have', 'full-cone', 'mapping: endpoint-independent', 'mapping: cone', 'mapping: '],
  ['timer of no time', 'full-cone', 'udpSeconds: 300', 'udpSeconds: 0', 'udpSeconds: '],
  ['property left out', 'full-cone', 'hairpin: false\n', '', 'hairpin: '],
  ['kind without a source', 'full-cone', 'source: RFC 3489 section 5; RFC 4787 sections 4.1 and 5\n', '', 'source: '],
  ['property that means nothing', 'full-cone', 'hairpin: false', 'hairpin: false\ncolour: red', 'Unrecognized key: "colour"'],
])('complains: %s', (_, name, from, to, complaint) => {
  expect(() => readChanged(name, from, to)).toThrow(complaint);
});

test('an unknown kind is a usage error with the nearest name', () => {
  expect(() => loadNatKind('simmetric')).toThrow(
    /there is no NAT kind "simmetric"\. Did you mean symmetric\?/,
  );
});
