/** `name`, `name:qualifier`, `123456789012:function:name` or an ARN, perhaps with a qualifier: the name in it. */
export function functionNameOf(reference: string): string {
  const parts = reference.split(':');
  const afterNoun = parts.indexOf('function') + 1;
  return parts[afterNoun] ?? reference;
}
