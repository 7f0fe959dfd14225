import { BlockList, isIP } from 'node:net';
import { InvalidPatternError } from './invalid-pattern-error.ts';

/** A matcher for `cidr`: addresses, IPv4 or IPv6, within a block such as `10.0.0.0/24`. Bounds as in AWS's event-ruler 1.7.3. */
export function cidrMatcher(block: string, where: string): (value: string) => boolean {
  const [address = '', bits = ''] = block.split('/');
  const family = isIP(address);
  const maxBits = family === 6 ? 128 : 32;
  if (family === 0 || !/^\d{1,3}$/.test(bits))
    throw new InvalidPatternError(where, `Malformed CIDR, one '/' required: ${block}`);
  // A single address is a literal.
  if (Number(bits) >= maxBits)
    throw new InvalidPatternError(where, `IPv${family} mask bits must be < ${maxBits}`);
  const list = new BlockList();
  list.addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4');
  return (value) => isIP(value) === family && list.check(value, family === 6 ? 'ipv6' : 'ipv4');
}
