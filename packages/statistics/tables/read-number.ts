/** `12`, `-1.5`, `.5`, `1.`, `+1e-3`: what Python, JavaScript and JSON print, in ASCII digits. */
export const numberPattern = '[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]+)?';
/** What programs print for a number that is infinite. */
export const infinitePattern = '[+-]?(?:[iI][nN][fF]|[iI][nN][fF][iI][nN][iI][tT][yY])';
/** `007` and `-01.5` are codes, `0` and `0.7` are not. */
export const codePattern = '[+-]?0[0-9].*';
/** `12` and `-12`, and `007` where a column is known to hold numbers. */
export const integerPattern = '-?[0-9]+';

const number = new RegExp(`^${numberPattern}$`);
const infinite = new RegExp(`^${infinitePattern}$`);
const code = new RegExp(`^${codePattern}$`);
const integer = new RegExp(`^${integerPattern}$`);

/**
 * From here on a number is infinite as a 32-bit float, which is what XGBoost computes with: half a unit above the largest one,
 * 2^128 - 2^103, about 3.4028236e38.
 */
export const float32Limit = 2 ** 128 - 2 ** 103;

/** Whether training can hold the number. */
export function fitsFloat32(value: number): boolean {
  return Math.abs(value) < float32Limit;
}

/** The number that a text spells, perhaps infinite; `undefined` if it spells none. */
export function readNumber(text: string): number | undefined {
  if (number.test(text)) return Number(text);
  if (!infinite.test(text)) return undefined;
  return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Whether a text looks like a number and begins with a zero that a number does not need. */
export function isCode(text: string): boolean {
  return code.test(text);
}

/** The whole number of 64 bits that a text spells; `undefined` if it spells none. */
export function readInteger(text: string): bigint | undefined {
  if (!integer.test(text)) return undefined;
  const value = BigInt(text);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}
