import type { IncomingHttpHeaders } from 'node:http';

/** Names of this machine that nobody else's DNS can answer for; S3's clients put a bucket before `localhost`. */
const ownNames = /^(?:127\.0\.0\.1|(?:[a-z0-9._-]+\.)?localhost)$/;

/** What a browser says of a request that no other site has caused. */
const ownSites = ['same-origin', 'none'];

/**
 * Why a request may come from a web page, or by a name that somebody has made point to this machine (DNS rebinding). Loopback
 * keeps other machines out, but a browser on this one carries any page's requests.
 * @param port on which the server listens.
 * @returns nothing for a request of a program that called this machine by its name.
 */
export function foreignRequest(headers: IncomingHttpHeaders, port: number): string | undefined {
  const { host = '', origin } = headers;
  const site = headers['sec-fetch-site'];
  if (!isOwn(host, port))
    return `The Host header '${host}' does not name this server: call 127.0.0.1:${port}.`;
  if (origin !== undefined && !(origin.startsWith('http://') && isOwn(origin.slice('http://'.length), port)))
    return `Requests of web pages are refused (Origin '${origin}'): call from a program, such as an AWS SDK or the aws command.`;
  if (site !== undefined && !ownSites.includes(String(site)))
    return `Requests that another site has caused are refused (Sec-Fetch-Site '${site}').`;
  return undefined;
}

/** @param authority host and port, as in a URL; without a port it is 80. */
function isOwn(authority: string, port: number): boolean {
  const [name = '', ownPort = '80', ...others] = authority.toLowerCase().split(':');
  return others.length === 0 && ownPort === String(port) && ownNames.test(name);
}
