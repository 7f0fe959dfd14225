import type { FlightsSelection } from '../sample-flights.ts';

/** Rows that stand for one window of traffic. */
export interface TrafficWindow {
  /** Names its files and predictions: lower case, digits and hyphens. */
  readonly name: string;
  /** What is asked about, for people. */
  readonly what: string;
  readonly flights: FlightsSelection;
}

/** What a first version learns from, and what it is asked afterwards. */
export interface FlightStory {
  readonly first: FlightsSelection;
  readonly traffic: readonly TrafficWindow[];
}

/** The first Monday of the data. */
export const firstMonday = '2001-01-01';

const learningWeeks = 6;
/** Where the flights of each later week leave: from airports that the first version knows, then from others. */
const laterWeeks = ['east', 'west', 'west', 'west'] as const;
/** Every fourth flight: enough of a week to judge it by, little enough to be asked about in a few seconds. */
const everyNth = 4;

/**
 * Six weeks of flights that leave the east to learn from: the hold-out is the last of them, with each day of the week, as a window of a
 * week has. Then a week a window.
 * @param monday the first day, as an ISO 8601 date
 */
export function flightStory(monday: string): FlightStory {
  const until = weeksAfter(monday, learningWeeks);
  return {
    first: { from: monday, until, leaving: 'east' },
    traffic: laterWeeks.map((leaving, index) => {
      const from = weeksAfter(until, index);
      return {
        name: `week-of-${from}`,
        what: `every ${everyNth}th flight from the ${leaving} in the week of ${shown(from)}`,
        flights: { from, until: weeksAfter(from, 1), leaving, everyNth },
      };
    }),
  };
}

function weeksAfter(date: string, weeks: number): string {
  return new Date(Date.parse(date) + weeks * 7 * 86_400_000).toISOString().slice(0, 10);
}

function shown(date: string): string {
  const style = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Date(date).toLocaleDateString('en-GB', style);
}
