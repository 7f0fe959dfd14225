/** Rows of a small made-up airline as CSV: `from` to `to`, the same row for the same number. */
export function lateFlights(from: number, to: number): string {
  const rows = Array.from({ length: to - from }, (_, index) => flight(from + index));
  return `${['flight,origin,distance,late', ...rows].join('\n')}\n`;
}

function flight(number: number): string {
  const origins = ['SFO', 'OAK', 'SJC'];
  return [number, origins[number % 3], 100 + ((number * 37) % 900), number % 4 === 0].join(',');
}
