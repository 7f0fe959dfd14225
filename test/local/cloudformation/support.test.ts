import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { intrinsics } from '../../../local/cloudformation/intrinsics/index.ts';
import { resourceTypes } from '../../../local/cloudformation/resource-types.ts';

const support = readFileSync('local/SUPPORT.md', 'utf8');
const section = support.slice(support.indexOf('## Cloud assembly'), support.indexOf('## S3'));
const servedFunctions = /^\| functions \|([^|]*)\|/m.exec(section)?.[1] ?? '';

it('local/SUPPORT.md lists the resource types that are served, and no others', () => {
  const listed = [...section.matchAll(/`(AWS::\w+::\w+)`/g)].map(([, type]) => type);

  expect(listed.sort()).toEqual([...resourceTypes.keys()].sort());
});

it('local/SUPPORT.md lists the functions that are served, and no others', () => {
  const listed = [...servedFunctions.matchAll(/`([\w:]+)`/g)].map(([, name]) => name);

  expect(listed.sort()).toEqual([...intrinsics.keys()].sort());
});
