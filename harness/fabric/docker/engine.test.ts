import { expect, onTestFinished, test, vi } from 'vitest';
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

test.each([
  ['unix:///nowhere/docker.sock', /no engine is installed, or it is not running/, /npm run engine/],
  ['ssh://me@build.lan', /over ssh/, /ssh -fNL .* me@build\.lan/],
])('an engine that cannot be reached at %s says what to type', async (host, found, remedy) => {
  vi.stubEnv('DOCKER_HOST', host);
  vi.resetModules();
  onTestFinished(() => {
    vi.unstubAllEnvs();
    vi.resetModules();
  });
  const { engineStatus } = await import('./engine.ts');
  await expect(engineStatus()).rejects.toMatchObject({
    code: 'unavailable',
    found: expect.stringMatching(found),
    remedy: expect.stringMatching(remedy),
  });
});
