import { expect, test } from 'vitest';
import { planImages } from './image-plan.ts';

test('an image comes after what it stands on, each once', () => {
  const { plans } = planImages(['softether', 'ts'], 'x64');
  expect(plans.map(({ name }) => name)).toEqual(['base', 'box', 'softether', 'ts']);
});

test('on another suite everything below is another image, and the tag says so', () => {
  const { plans, tags } = planImages(['box', 'box@trixie'], 'x64');
  expect(plans.map(({ name, suite }) => `${name} on ${suite}`)).toEqual([
    'base on bookworm',
    'box on bookworm',
    'base-trixie on trixie',
    'box-trixie on trixie',
  ]);
  expect(tags.box).toMatch(/^crossnat\/box:[0-9a-f]{12}$/);
  expect(tags['box@trixie']).toMatch(/^crossnat\/box-trixie:[0-9a-f]{12}$/);
  const hashes = plans.map(({ tag }) => tag.split(':')[1]);
  expect(new Set(hashes).size).toBe(4);
});

test('an engine of another architecture gets images of its own', () => {
  const tag = (architecture: string) => planImages(['box'], architecture).tags.box;
  expect(tag('x64')).not.toBe(tag('arm64'));
});

test('an image that no folder describes is a usage error with the nearest', () => {
  expect(() => planImages(['boxx@trixie'], 'x64')).toThrow(/no images\/boxx\/Dockerfile.*Did you mean box\?/);
});
