import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseData } from '../../../data-file.ts';
import { clientProfileSchema, loadClientProfile } from './client-profile.ts';
import { completed } from './profile-file.ts';

const written = (name: string) => readFileSync(join(import.meta.dirname, 'clients', `${name}.yaml`), 'utf8');
const xp = written('windows-xp-sp2');

/** What is said of a client profile with this text in place of that. */
function complaint(text: string, place = '', instead = ''): string {
  expect(text).toContain(place);
  try {
    parseData(
      text.replace(place, instead),
      'made-up.yaml',
      completed('client', ['made-up'], clientProfileSchema),
    );
  } catch (error) {
    return String(error);
  }
  return 'no complaint';
}
const lineOf = (text: string, words: string) => text.slice(0, text.indexOf(words)).split('\n').length;

test('what stands in a file is read', () => {
  expect(complaint(xp)).toBe('no complaint');
});

test('an unknown key is named with its line', () => {
  const line = lineOf(xp, '\nfamily: windows') + 1;
  expect(complaint(xp, 'family: windows', 'family: windows\nkeepAlives: 3')).toContain(
    'Unrecognized key: "keepAlives"',
  );
  expect(complaint(xp, 'family: windows', 'family: amiga')).toContain(`line ${line}: family`);
});

test('a bad vendor id is named with the nearest, at its place in the list', () => {
  const line = lineOf(xp, 'value: [ms-nt5-4');
  const said = complaint(xp, 'ms-fragmentation, draft', 'ms-fragmentatoin, draft');
  expect(said).toContain(
    `line ${line}: vendorIds.value.1: there is no vendor id "ms-fragmentatoin". Did you mean ms-frag`,
  );
});

test('a transform that the stack cannot do is named at its place', () => {
  const line = lineOf(xp, '- 3des-md5-modp1024');
  const phase1 = complaint(xp, '- 3des-md5-modp1024', '- 3des-md5-modp6144');
  expect(phase1).toContain(`line ${line}: phase1.value.2: is no phase 1 transform`);
  const phase2 = complaint(xp, '[3des-md5, 3des-sha1', '[ah-md5, 3des-sha1');
  expect(phase2).toContain(
    `line ${lineOf(xp, '[3des-md5, 3des-sha1')}: phase2.value.0: is no phase 2 transform`,
  );
});

test('every value says where it comes from and how sure it is', () => {
  const place = 'keepaliveSeconds: { value: 20, source: "[MS-IKEE] note 14", confidence: V }';
  expect(complaint(xp, place, 'keepaliveSeconds: { value: 20, confidence: V }')).toContain(
    'keepaliveSeconds.source',
  );
  expect(complaint(xp, place, place.replace('V }', 'certain }'))).toContain('keepaliveSeconds.confidence');
  expect(complaint(xp, place, 'keepaliveSeconds: 20')).toContain('keepaliveSeconds');
});

test('what is spoken has to be announced', () => {
  const said = complaint(xp, 'ms-fragmentation, draft-02n, ms', 'ms');
  expect(said).toContain('natTraversal.value.0: draft-02n is spoken, and no vendor id says so');
  expect(said).toContain('fragmentation.value: fragmentation is spoken');
});

test('an AVP or an LCP option that nobody knows is refused', () => {
  expect(complaint(xp, '- bearerCapabilities', '- barerCapabilities')).toContain(
    'l2tp.messages.value.SCCRQ.2',
  );
  expect(complaint(xp, '- magic-number', '- tragic-number')).toContain('ppp.lcpOptions.value.1');
});

test('layers end from the inside out', () => {
  const order = '[ppp, l2tp-session, l2tp-tunnel, phase2, phase1]';
  expect(complaint(xp, order, '[ppp, l2tp-tunnel, l2tp-session, phase2, phase1]')).toContain('in this order');
  expect(complaint(xp, order, '[l2tp-tunnel]')).toContain('always ends PPP');
  expect(complaint(xp, order, '[ppp, phase1]')).toContain('of both phases or of none');
});

test('a file that is based on another says what differs, and its complaints name its own lines', () => {
  const vista = written('windows-vista');
  expect(complaint(vista)).toBe('no complaint');
  const line = lineOf(vista, '- aes128-sha1-ecp256');
  expect(complaint(vista, '- aes128-sha1-ecp256', '- aes128-sha1-ecp521')).toContain(
    `line ${line}: phase1.value.1`,
  );
  expect(complaint(vista, 'basedOn: windows-7', 'basedOn: windows-8')).toContain(
    'there is no other client profile "windows-8" to be based on. Did you mean windows-7',
  );
  const circle = () => complaint('summary: x\nbasedOn: made-up\n');
  expect(circle()).toContain('there is no other client profile "made-up"');
});

test('a value that is taken over from another profile says so, and is derived at best', () => {
  const vista = loadClientProfile('windows-vista');
  expect(vista.messageIds.confidence).toBe('D');
  expect(vista.messageIds.source).toMatch(/^as windows-7: libreswan issue 2014/);
  expect(vista.keepaliveSeconds).toMatchObject({
    confidence: 'V',
    source: expect.not.stringMatching(/^as /),
  });
  // Through two files: the one that says it is named.
  expect(vista.l2tp.helloSeconds.source).toMatch(/^as windows-xp-sp2: /);
  const { natRule } = loadClientProfile('windows-10-as-installed');
  expect(natRule).toMatchObject({ confidence: 'D', value: { whenRefused: 'complete-but-send-no-esp' } });
});
