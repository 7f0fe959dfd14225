import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { judgeWindow } from '../../functions/monitor/judge-window.ts';
import { html } from '../../functions/monitor/page/html.ts';
import type { WindowReport } from '../../functions/monitor/report.schema.ts';
import { reportPage } from '../../functions/monitor/report-page.ts';
import { factsOf, windowToJudge } from './judged-windows.ts';

const now = new Date('2026-03-01T14:05:00Z');
const stable = judgeWindow(windowToJudge(), now);
const drifting = judgeWindow(
  windowToJudge({
    window: factsOf(1000, (flight) => ({
      ...flight,
      distance: 2 * (flight.distance ?? 0),
      score: flight.score ** 3,
    })),
    previousReport: stable,
  }),
  now,
);

/** The page's text as a reader has it: without tags and style, entities resolved. */
function textOf(page: string): string {
  const body = page.slice(page.indexOf('<body>')).replaceAll(/<[^>]*>/g, ' ');
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return body
    .replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name) => entities[name] ?? '')
    .replaceAll(/\s+/g, ' ');
}

describe('the page', () => {
  it.each([
    { title: 'of a stable window', report: stable, badge: '● stable' },
    { title: 'of a window that drifts', report: drifting, badge: '▲ drift' },
    {
      title: 'of a window with too few predictions',
      report: judgeWindow(windowToJudge({ window: factsOf(0) }), now),
      badge: '○ too few predictions',
    },
  ])('$title says what the report says', ({ report, badge }) => {
    const text = textOf(reportPage(report));

    for (const sentence of [badge, report.headline, ...report.findings, ...report.notes, report.model]) {
      expect(text).toContain(sentence.replaceAll(/\s+/g, ' '));
    }
    for (const { name } of report.drift.columns) expect(text).toContain(name);
    for (const { key, sha256 } of [report.evidence.baseline, report.evidence.profile]) {
      expect(text).toContain(key);
      expect(text).toContain(sha256);
    }
  });

  it('needs nothing else: no address, no script, and a policy that allows neither', () => {
    const page = reportPage(drifting);

    expect(page).not.toMatch(/https?:|\bsrc=|\bhref=|url\(|@import|<script|<link|<iframe|\bon[a-z]+="/i);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('is well formed, each tag closed where it was opened', () => {
    for (const report of [stable, drifting])
      expect(XMLValidator.validate(asXml(reportPage(report)))).toBe(true);
  });

  it('can be read without eyes: pictures have names, tables captions and headings', () => {
    const page = reportPage(drifting);
    const pictures = [...page.matchAll(/<svg[^>]*>/g)].map(([tag]) => tag);
    const tables = page.split('<table').slice(1);

    expect(pictures.length).toBeGreaterThan(3);
    for (const tag of pictures) expect(tag).toMatch(/role="img" aria-label="[^"]+"|aria-hidden="true"/);
    expect(tables.length).toBeGreaterThan(3);
    for (const table of tables) {
      expect(table).toMatch(/<caption/);
      expect(table).toMatch(/scope="row"/);
    }
    expect(page).toContain('<html lang="en">');
    expect(page).toContain('name="viewport"');
  });

  it('has each column’s plot: a bar for what is now, a step for what was', () => {
    const page = reportPage(drifting);
    const [ofDistance] = drifting.distributions.filter(({ name }) => name === 'distance');
    const plot = page.slice(page.indexOf('aria-label="Shares of distance by bin'));
    const picture = plot.slice(0, plot.indexOf('</svg>'));

    expect(picture.match(/<rect class="now"/g)).toHaveLength(ofDistance?.bins.length ?? 0);
    expect(picture.match(/<line class="before"/g)).toHaveLength(ofDistance?.bins.length ?? 0);
  });
});

describe('what users wrote', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "' onmouseover='alert(1)",
      '</title></style><b>',
      '&lt;b&gt;',
      '${1}',
      '\u0000\u202e',
    ),
  );

  it('is text and never markup, wherever it stands', () => {
    const tagsOf = (page: string) => page.replaceAll(/"[^"]*"/g, '""').match(/<[a-z/!][^>]*>/gi);
    const plain = tagsOf(reportPage(named(drifting, 'x')));

    fc.assert(
      fc.property(hostile, (text) => {
        const page = reportPage(named(drifting, text));

        expect(tagsOf(page)).toEqual(plain);
        expect(XMLValidator.validate(asXml(page))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('reads as it was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        const parser = new XMLParser({ ignoreAttributes: false, trimValues: false, parseTagValue: false });
        const { p } = parser.parse(html`<p title="${text}">x${text}</p>`.toString());

        const expected = text.replaceAll(/\s/g, ' ');
        expect(p['#text']).toBe(`x${expected}`);
        expect(p['@_title']).toBe(expected);
      }),
    );
  });
});

describe('a report of many columns', () => {
  const columns = Array.from({ length: 200 }, (_, index) => `column-${index}`);
  const [shown] = drifting.drift.columns;
  const [lying] = drifting.distributions;
  const wide: WindowReport = {
    ...drifting,
    drift: {
      ...drifting.drift,
      columns: columns.map((name) => ({ ...required(shown), name, role: 'feature', verdict: 'drift' })),
    },
    distributions: columns.map((name) => ({ ...required(lying), name })),
    ranking: columns,
    attributions: [],
  };

  it('shows the worst first and folds the rest, and stays small enough to be sent', () => {
    const page = reportPage(wide);
    const places = columns.map((name) => page.indexOf(`>${name}<`));

    expect(places.every((place) => place > 0)).toBe(true);
    expect(page.indexOf('34 more that drift')).toBeGreaterThan(page.indexOf('<h3>column-5</h3>'));
    expect(page.indexOf('<h3>column-6</h3>')).toBeGreaterThan(page.indexOf('34 more that drift'));
    expect(page.length).toBeLessThan(1_000_000);
  });
});

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The report has no column.');
  return value;
}

/** The report with every name that comes from users replaced. */
function named(report: WindowReport, text: string): WindowReport {
  const before = new Set(['distance', 'origin', 'carrier', 'flight-delay', 'WN', 'AA', 'JFK', 'SFO', 'LAX']);
  return JSON.parse(JSON.stringify(report), (_, value) => {
    if (typeof value !== 'string') return value;
    return [...before].reduce((changed, name) => changed.replaceAll(name, () => text), value);
  });
}

/** Void elements closed and what is no element taken away, so that an XML parser can tell whether tags match. */
function asXml(page: string): string {
  return page
    .replace('<!doctype html>', '')
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replaceAll(/<meta ([^>]*)>/g, '<meta $1/>')
    .replaceAll('<details open>', '<details>');
}
