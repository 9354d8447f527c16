// The subdirectories for processors that ld.so looks into.
import assert from 'node:assert/strict';
import { test } from 'vitest';
import { isVariantOf, variantBase } from '../../../src-main/trace/processor-variants.ts';

test('directories of a directory', () => {
  assert.equal(isVariantOf('/lib/glibc-hwcaps/x86-64-v3', '/lib'), true);
  assert.equal(isVariantOf('/lib/tls/x86_64/x86_64', '/lib'), true);
  assert.equal(isVariantOf('/lib/x86_64-linux-gnu', '/lib'), false);
  assert.equal(isVariantOf('/lib', '/lib'), false);
});

test('libraries of a library', () => {
  assert.equal(variantBase('/a/glibc-hwcaps/x86-64-v3/libc.so.6'), '/a/libc.so.6');
  assert.equal(variantBase('/a/tls/x86_64/libc.so'), '/a/libc.so');
  assert.equal(variantBase('/a/x86_64-linux-gnu/libc.so.6'), null);
  assert.equal(variantBase('/src/tls/handshake.c'), null);
});
