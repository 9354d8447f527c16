// The keys of a tree that open, close and go up.
import { expect, test } from 'vitest';
import { treeStep, type TreeRow, type TreeStep } from '../../../src-renderer/look/tree-step.ts';

const rows: readonly TreeRow[] = [
  { level: 1, open: true },
  { level: 2, open: false },
  { level: 2, open: true },
  { level: 3, open: null },
  { level: 3, open: null },
  { level: 1, open: null },
];
const at = (index: number, key: string): TreeStep | null =>
  treeStep(key, index, (one) => rows[one]);

test('a row opens to the right and closes to the left, and does either with Enter', () => {
  expect([at(1, 'ArrowRight'), at(1, 'Enter')]).toStrictEqual([
    { kind: 'open', open: true },
    { kind: 'open', open: true },
  ]);
  expect([at(0, 'ArrowLeft'), at(2, 'ArrowLeft'), at(2, 'Enter')]).toStrictEqual([
    { kind: 'open', open: false },
    { kind: 'open', open: false },
    { kind: 'open', open: false },
  ]);
});

test('from one that has nothing to close, it goes to the one it is below', () => {
  expect([at(1, 'ArrowLeft'), at(3, 'ArrowLeft'), at(4, 'ArrowLeft')]).toStrictEqual([
    { kind: 'go', to: 0 },
    { kind: 'go', to: 2 },
    { kind: 'go', to: 2 },
  ]);
});

test('all else is left to the list', () => {
  expect([
    at(0, 'ArrowRight'),
    at(3, 'ArrowRight'),
    at(3, 'Enter'),
    at(5, 'ArrowLeft'),
    at(0, 'ArrowDown'),
    at(9, 'Enter'),
  ]).toStrictEqual([null, null, null, null, null, null]);
});
