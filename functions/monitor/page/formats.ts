import { percent } from '@tidemark/statistics/drift/drift-sentences.ts';

export { percent };

/** A number as people read it: four digits, thousands apart. */
export function figureText(value: number): string {
  if (Number.isInteger(value)) return countText(value);
  const short = Number(value.toPrecision(4));
  return Math.abs(short) >= 1e4 ? countText(Math.round(short)) : String(short);
}

/** A count with its thousands apart, by a space that does not break. */
export function countText(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+(?!\d))/g, '\u00a0');
}

/** A distance from 0 to 1, with two decimals. */
export function distance(value: number): string {
  return value.toFixed(2);
}

/** A probability to two digits. */
export function pValue(p: number): string {
  if (p >= 0.01) return p.toFixed(2);
  if (p >= 1e-4) return String(Number(p.toPrecision(1)));
  return p < 1e-99 ? 'under 1e-99' : p.toExponential(0);
}

/** `2026-03-01 14:00 UTC`. */
export function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** A name of many characters, shortened in the middle so that its end, which often tells names apart, stays. */
export function shortName(name: string, most = 40): string {
  const characters = [...name];
  if (characters.length <= most) return name;
  const kept = Math.floor((most - 1) / 2);
  return `${characters.slice(0, kept).join('')}…${characters.slice(-kept).join('')}`;
}
