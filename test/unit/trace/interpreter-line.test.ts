/** The first line of a script. */
import { expect, it } from 'vitest';
import { scriptInterpreter } from '../../../src-main/trace/interpreter-line.ts';

it.each([
  ['#!/bin/sh\necho', '/bin/sh'],
  ['#! /usr/bin/env bash\n', '/usr/bin/env'],
  ['#!\t/bin/sh -e', '/bin/sh'],
  ['#!\n/bin/sh', null],
  ['# !/bin/sh\n', null],
  ['echo', null],
  ['', null],
])('%j names %s', (text, interpreter) => {
  expect(scriptInterpreter(Buffer.from(text))).toBe(interpreter);
});
