/** AWS JSON carries times as seconds since the epoch. */
export function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}
