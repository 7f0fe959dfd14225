/** The page's own style: no file, no font and no script from anywhere. Colours keep a contrast of 4.5 to 1 in light and dark. */
export const style = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--text:#17202b;--soft:#566170;--line:#d9dee5;--now:#1f6fd6;--then:#9aa5b3;--edge:#3c4755;--bad:#b3261e;--badsoft:#fdecea;--good:#1d6b3c;--goodsoft:#e6f4ea;--wait:#7a5300;--waitsoft:#fdf3dc}
@media (prefers-color-scheme:dark){:root{--page:#11161d;--card:#1a212b;--text:#e8edf3;--soft:#a3afbd;--line:#303a47;--now:#6aa9ff;--then:#66727f;--edge:#c6d0db;--bad:#ff8f85;--badsoft:#3a1d1b;--good:#7ed79c;--goodsoft:#173323;--wait:#f2c46d;--waitsoft:#362a12}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;-webkit-text-size-adjust:100%}
main{max-width:60rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem;line-height:1.25;margin:.2rem 0 .6rem;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:0 0 .6rem}
h3{font-size:1rem;margin:0;overflow-wrap:anywhere}
p{margin:.4rem 0}
small,.soft{color:var(--soft);font-size:.85rem}
section,.lead{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem;margin:0 0 1rem}
.lead{border-left:6px solid var(--then)}
.lead.drift{border-left-color:var(--bad)}.lead.stable{border-left-color:var(--good)}.lead.insufficient-data{border-left-color:var(--wait)}
.headline{font-size:1.1rem;overflow-wrap:anywhere}
.badge{display:inline-block;border-radius:999px;padding:.1rem .7rem;font-size:.85rem;font-weight:600;margin:0 .4rem .3rem 0;background:var(--waitsoft);color:var(--wait)}
.badge.bad{background:var(--badsoft);color:var(--bad)}.badge.good{background:var(--goodsoft);color:var(--good)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.75rem;margin:0 0 1rem;padding:0;list-style:none}
.tiles li{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:.7rem .9rem}
.tiles b{display:block;font-size:1.35rem;line-height:1.3;font-variant-numeric:tabular-nums}
.findings{margin:0;padding-left:1.2rem}.findings li{margin:.3rem 0;overflow-wrap:anywhere}
.column{border-top:1px solid var(--line);padding:.9rem 0}.column:first-of-type{border-top:0;padding-top:0}.column:last-child{padding-bottom:0}
.column header{display:flex;flex-wrap:wrap;gap:.5rem;align-items:baseline}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.3rem .6rem .3rem 0;vertical-align:top;border-top:1px solid var(--line);overflow-wrap:anywhere}
thead th{border-top:0;color:var(--soft);font-size:.85rem;font-weight:600}
td:not(.wide):not(.text),thead th:not(:first-child):not(.text){text-align:right;white-space:nowrap}
td:last-child,th:last-child{padding-right:0}
th[scope=row]{font-weight:500;min-width:6.5rem}
dl{margin:.4rem 0 0}dt{font-weight:500;margin-top:.4rem}dd{margin:0}dd small{display:block}
th small,td small{display:block;font-weight:400}
.bars{margin:.5rem 0 0;table-layout:auto}.bars td,.bars th{vertical-align:middle}.bars .wide{width:45%}.bars thead th{padding-top:0}
.scroll{overflow-x:auto}
svg{display:block;overflow:visible}
.plot{margin:.6rem 0 0}.plot text{fill:var(--soft);font-size:12px}
.now{fill:var(--now)}.then{fill:var(--then)}.hit{fill:transparent}
.before{stroke:var(--edge);stroke-width:2.5}.axis{stroke:var(--line);stroke-width:1}
.range{stroke-width:3;stroke-linecap:round}.range.reference{stroke:var(--then)}.range.now{stroke:var(--now)}.range.estimated{stroke:var(--now);stroke-dasharray:2 6}
.point.reference{fill:var(--then)}.point.now{fill:var(--now)}.point.estimated{fill:var(--card);stroke:var(--now);stroke-width:3}
.mark{stroke-width:2}.mark.limit{stroke:var(--bad);stroke-dasharray:6 4}.mark.guess{stroke:var(--soft);stroke-dasharray:2 4}
.strip.stable{fill:var(--good)}.strip.drift{fill:var(--bad)}.strip.insufficient-data{fill:var(--wait)}.strip:not(.current){opacity:.6}
.key{color:var(--soft);font-size:.85rem;margin:.3rem 0 0}
.swatch{display:inline-block;width:.9rem;height:.7rem;border-radius:2px;margin:0 .35rem 0 .6rem;vertical-align:baseline}.swatch:first-child{margin-left:0}
.swatch.now{background:var(--now)}.swatch.before{height:.6rem;border-bottom:3px solid var(--edge);border-radius:0;background:linear-gradient(var(--then),var(--then)) 0 0/100% 50% no-repeat}.swatch.mark{width:1.1rem;height:0;border-top:2px dashed var(--bad);vertical-align:middle}.swatch.mark.guess{border-top:2px dotted var(--soft)}
.swatch.stable{background:var(--good)}.swatch.drift{background:var(--bad)}.swatch.insufficient-data{background:var(--wait)}
details{margin:.6rem 0 0}summary{cursor:pointer;color:var(--soft);font-size:.9rem}
summary:focus-visible{outline:2px solid var(--now);outline-offset:2px}
code{font:.85em ui-monospace,SFMono-Regular,Consolas,monospace;overflow-wrap:anywhere}
.aside{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
footer{color:var(--soft);font-size:.85rem;padding:0 .2rem 1.5rem}
@media (max-width:34rem){.bars .wide{width:34%}main{padding:.6rem}section,.lead{padding:.8rem}}
@media print{body{background:#fff}section,.lead,.tiles li{break-inside:avoid;border-color:#bbb}}
`;
