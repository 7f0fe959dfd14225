/** A share with digits enough to tell small ones apart. */
export function tablePercent(value: number): string {
  if (value === 0) return '0 %';
  if (value === 1) return '100 %';
  return `${(value * 100).toFixed(value < 0.01 ? 2 : value < 0.1 ? 1 : 0)} %`;
}
