import { expect, test } from 'vitest';
import { engineKind, nodeArchitecture } from './engine.ts';

test('tells the kinds of engine apart', () => {
  const rootless = ['name=seccomp,profile=default', 'name=rootless'];
  expect(engineKind(undefined, ['name=seccomp,profile=default'])).toBe('local');
  expect(engineKind('unix:///run/user/1000/docker.sock', rootless)).toBe('rootless');
  expect(engineKind('', ['name=userns'])).toBe('userns-remap');
  expect(engineKind('tcp://build.lan:2376', rootless)).toBe('remote');
  expect(engineKind('ssh://me@build.lan', [])).toBe('remote');
  expect(engineKind('tcp://localhost:2375', [])).toBe('local');
});

test("architectures are named in Node's words", () => {
  expect(['x86_64', 'aarch64', 'arm64', 'riscv64'].map(nodeArchitecture)).toEqual([
    'x64',
    'arm64',
    'arm64',
    'riscv64',
  ]);
});
