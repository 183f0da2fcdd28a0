import { expect, test } from 'vitest';
import { cell } from '../cell.ts';
import { release4, release5 } from '../peers/libreswan/release.ts';
import { loadTopology } from '../topologies.ts';
import { libreswanClientFacts, libreswanResponderFacts } from './libreswan.ts';

const topology = loadTopology('direct');

test('a responder has of the How-To its specifications with 3DES, and of phase 1 what a cell names', () => {
  const facts = libreswanResponderFacts(release4, cell('direct', { p1: '3des-md5-modp1536' }), topology);
  expect(facts).toMatchObject({ phase1: ['3des-md5-modp1536'], phase2: ['3des-sha1', '3des-md5'] });
});

test('a client can do without NAT-T; a responder can from release 5 on', () => {
  const off = cell('direct', { natt: 'off' });
  expect(libreswanClientFacts(off).natTraversal).toEqual([]);
  expect(libreswanResponderFacts(release5, off, topology).natTraversal).toEqual([]);
  expect(libreswanResponderFacts(release4, off, topology).natTraversal).toContain('rfc3947');
});
