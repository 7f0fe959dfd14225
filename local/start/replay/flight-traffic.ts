import type { FlightsSelection } from '../sample-flights.ts';

/** Monday of the week after those that the first version learns from. */
const firstWeek = '2001-02-12';
const weekDays = 7;

/**
 * What the first version learns from: six weeks of flights that leave the east. Its hold-out is the last of them, with each day of the
 * week, as windows of a week have.
 */
export const firstFlights: FlightsSelection = { from: '2001-01-01', until: firstWeek, leaving: 'east' };

/** Rows that stand for one window of traffic. */
export interface TrafficWindow {
  /** Names its files and predictions: lower case, digits and hyphens. */
  readonly name: string;
  /** What is asked about, for people. */
  readonly what: string;
  readonly flights: FlightsSelection;
}

/** Every fourth flight: enough of a week to judge it by, little enough to be asked about in a few seconds. */
const everyNth = 4;

/**
 * The weeks that follow, one a window: flights from the airports that the first version knows, then from airports that it has never
 * seen.
 */
export const trafficWindows: readonly TrafficWindow[] = (['east', 'west', 'west', 'west'] as const).map(
  (leaving, week) => {
    const from = daysAfter(firstWeek, week * weekDays);
    return {
      name: `week-${week + 7}`,
      what: `every ${everyNth}th flight from the ${leaving}, ${shown(from)} to ${shown(daysAfter(from, weekDays - 1))} 2001`,
      flights: { from, until: daysAfter(from, weekDays), leaving, everyNth },
    };
  },
);

function daysAfter(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}

function shown(date: string): string {
  return new Date(date).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
}
