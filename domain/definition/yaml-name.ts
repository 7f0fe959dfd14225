/** What YAML reads as something other than the text that it is. */
const other = /^(?:true|false|yes|no|on|off|null|y|n|~|[-+]?[.\d].*)$/i;

/** A column's name as YAML takes it in a flow such as `[a, b]`: as it stands where that is unmistakable, otherwise in quotes. */
export function yamlName(name: string): string {
  const isPlain = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_ ./()+-]*[\p{L}\p{N}_./()+-])?$/u.test(name);
  return isPlain && !other.test(name) ? name : JSON.stringify(name);
}
