import { expect, test } from 'vitest';
import { below, formatS3Uri, parseS3Uri, relativeKey } from '../../containers/s3-uri.ts';

test.each([
  ['s3://bucket/a/b.csv', { bucket: 'bucket', key: 'a/b.csv' }],
  ['s3://bucket', { bucket: 'bucket', key: '' }],
  ['s3://bucket/', { bucket: 'bucket', key: '' }],
  ['https://s3.eu-west-1.amazonaws.com/bucket/a/', { bucket: 'bucket', key: 'a/' }],
  ['https://s3.amazonaws.com/bucket/a', { bucket: 'bucket', key: 'a' }],
  ['https://s3.cn-north-1.amazonaws.com.cn/bucket/a', { bucket: 'bucket', key: 'a' }],
  ['https://example.com/bucket/a', undefined],
  ['s3://', undefined],
])('%s is %j', (uri, location) => {
  expect(parseS3Uri(uri)).toEqual(location);
});

test.each([
  ['train/', 'train/deep/a.csv', 'deep/a.csv'],
  ['train/a', 'train/a.csv', 'a.csv'],
  ['train/a.csv', 'train/a.csv', 'a.csv'],
  ['', 'a.csv', 'a.csv'],
])('under the prefix "%s", %s is called %s', (prefix, key, name) => {
  expect(relativeKey(prefix, key)).toBe(name);
});

test.each([
  ['s3://bucket/out', 's3://bucket/out/job/output'],
  ['s3://bucket/out/', 's3://bucket/out/job/output'],
  ['s3://bucket', 's3://bucket/job/output'],
])('below %s there is one slash', (uri, expected) => {
  const location = parseS3Uri(uri);
  if (!location) throw new Error(uri);

  expect(formatS3Uri(below(location, 'job/output'))).toBe(expected);
});
