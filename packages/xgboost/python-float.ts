/**
 * A number as Python's `repr` writes a float, which is how SageMaker's container answers: `1.0`, not `1`, and
 * exponents from 1e16 up and below 1e-4. The digits are the shortest that round-trip, in Python and JavaScript alike.
 */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16)) return scientific(value);
  // Between these bounds JavaScript writes no exponent either.
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.includes('.') ? text : `${text}.0`;
}

/** Python writes at least two digits of exponent. */
function scientific(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  const sign = exponent.startsWith('-') ? '-' : '+';
  return `${mantissa}e${sign}${exponent.slice(1).padStart(2, '0')}`;
}
