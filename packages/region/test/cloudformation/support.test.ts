import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { intrinsics } from '../../cloudformation/intrinsics/index.ts';
import { resourceTypes } from '../../cloudformation/resource-types.ts';

const support = readFileSync('packages/region/SUPPORT.md', 'utf8');
const section = support.slice(support.indexOf('## Cloud assembly'), support.indexOf('## S3'));
const servedFunctions = /^\| functions \|([^|]*)\|/m.exec(section)?.[1] ?? '';

it('packages/region/SUPPORT.md lists the resource types that are served, and no others', () => {
  const listed = [...section.matchAll(/`(AWS::\w+::\w+)`/g)].map(([, type]) => type);

  expect(listed.sort()).toEqual([...resourceTypes.keys()].sort());
});

it('packages/region/SUPPORT.md lists the functions that are served, and no others', () => {
  const listed = [...servedFunctions.matchAll(/`([\w:]+)`/g)].map(([, name]) => name);

  expect(listed.sort()).toEqual([...intrinsics.keys()].sort());
});
