/** `name`, `name:qualifier`, `123456789012:function:name` or an ARN, perhaps with a qualifier: the name in it. */
export function functionNameOf(reference: string): string {
  const parts = reference.split(':');
  const afterNoun = parts.indexOf('function') + 1;
  return parts[afterNoun] ?? reference;
}

/** What stands behind the name: a version's number, `$LATEST`, or nothing. */
export function qualifierOf(reference: string): string | undefined {
  const parts = reference.split(':');
  return parts[parts.indexOf('function') + 2];
}
