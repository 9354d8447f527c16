import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatAge,
  formatDuration,
  parseSize,
} from '../../../src-main/cli/terminal/human-units.ts';
import { formatBytes } from '../../../src-main/protocol/byte-size.ts';

test('times', () => {
  const times = [0, 44, 99, 100, 412, 12_300, 59_949, 59_950, 123_000, 3_599_400, 3_720_000];
  expect(times.map(formatDuration)).toEqual([
    '0 ms',
    '44 ms',
    '99 ms',
    '0.1 s',
    '0.4 s',
    '12.3 s',
    '59.9 s',
    '1 min',
    '2 min 3 s',
    '59 min 59 s',
    '1 h 2 min',
  ]);
});

test('ages', () => {
  const minute = 60_000;
  const ages = [0, 59_999, minute, 59 * minute, 60 * minute, 1440 * minute, 4000 * minute];
  expect(ages.map(formatAge)).toEqual([
    'just now',
    'just now',
    '1 min ago',
    '59 min ago',
    '1 h ago',
    '1 day ago',
    '2 days ago',
  ]);
});

test('sizes', () => {
  expect([0, 1023, 1024, 16_076, 1024 ** 2 - 1, 5 * 1024 ** 3].map(formatBytes)).toEqual([
    '0 B',
    '1023 B',
    '1.0 KiB',
    '15.7 KiB',
    '1.0 MiB',
    '5.0 GiB',
  ]);
});

test('sizes that a person writes', () => {
  expect(['500', '10k', '10K', '1.5 GiB', '2GB', '3T', '0'].map(parseSize)).toEqual([
    500,
    10_240,
    10_240,
    1.5 * 1024 ** 3,
    2 * 1024 ** 3,
    3 * 1024 ** 4,
    0,
  ]);
  expect(['', 'G', '-1G', '10X', '1e3', '10 G B'].map(parseSize)).toEqual(Array(6).fill(null));
});

test('a size as it is printed can be read, and is off by less than a tenth of its unit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 52 }), (bytes) => {
      const read = parseSize(formatBytes(bytes)) ?? NaN;
      expect(Math.abs(read - bytes)).toBeLessThanOrEqual(bytes * 0.051);
    }),
  );
});
