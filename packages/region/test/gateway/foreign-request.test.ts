import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foreignRequest } from '../../gateway/foreign-request.ts';

const port = 4566;
const host = `127.0.0.1:${port}`;

describe('foreignRequest', () => {
  it.each([
    [{ host }],
    [{ host: `localhost:${port}` }],
    [{ host: `LOCALHOST:${port}` }],
    [{ host: `my-bucket.localhost:${port}` }],
    [{ host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }],
    [{ host, 'sec-fetch-site': 'none' }],
  ])('lets %j through', (headers) => {
    expect(foreignRequest(headers, port)).toBeUndefined();
  });

  it.each([
    ['no Host', {}],
    ['another name', { host: `evil.example:${port}` }],
    ['a name that begins as ours', { host: `localhost.evil.example:${port}` }],
    ['an address that begins as ours', { host: `127.0.0.1.evil.example:${port}` }],
    ['a name that ends as ours', { host: `evillocalhost:${port}` }],
    ['a name of AWS', { host: `data.s3.amazonaws.com:${port}` }],
    ['another port', { host: '127.0.0.1:80' }],
    ['no port', { host: '127.0.0.1' }],
    ['a user before the host', { host: `a@127.0.0.1:${port}` }],
    ['a page of the web', { host, origin: 'https://evil.example' }],
    ['a page without origin', { host, origin: 'null' }],
    ['a page of another port', { host, origin: 'http://127.0.0.1:3000' }],
    ['a page over TLS', { host, origin: `https://${host}` }],
    ['an empty origin', { host, origin: '' }],
    ['another site', { host, 'sec-fetch-site': 'cross-site' }],
    ['another port of this site', { host, 'sec-fetch-site': 'same-site' }],
  ])('refuses %s', (_title, headers) => {
    expect(foreignRequest(headers, port)).toBeDefined();
  });

  it('refuses every Host of the web, whatever it looks like', () => {
    fc.assert(
      fc.property(fc.domain(), fc.constantFrom('', `:${port}`), (domain, suffix) => {
        expect(foreignRequest({ host: `${domain}${suffix}` }, port)).toBeDefined();
        expect(foreignRequest({ host, origin: `http://${domain}${suffix}` }, port)).toBeDefined();
      }),
    );
  });
});
