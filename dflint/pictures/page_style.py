"""The look of a report: light and dark, on narrow screens and on paper.

Text has a contrast of at least 4.5 to 1 on what it stands on (WCAG 2.2, 1.4.3), marks of 3 to 1.
"""

from __future__ import annotations

from dflint.pictures import svg

STYLE = (
    """\
:root { color-scheme: light dark; --back: #fff; --ink: #1a1a1a; --soft: #4f5560; --line: #c9ced6;
  --card: #f4f6f9; --link: #1a4f9c; --focus: #b3261e; --run: #2f6fd0; --cached: #9aa3af;
  --files: #cfe0fb; --hidden: #f7c6c1; --needless: #fbdfae; --spare: #dfd6f5; --cell: #15181c; }
@media (prefers-color-scheme: dark) { :root { --back: #16191d; --ink: #eceff3; --soft: #b4bcc8;
  --line: #454c56; --card: #20252b; --link: #9cc4ff; --focus: #ffb4a9; --run: #6aa5f8;
  --cached: #6f7783; --files: #27456f; --hidden: #77302a; --needless: #664911; --spare: #4a3c78;
  --cell: #fff; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 0 1.2rem 3rem;
  max-width: 72rem; background: var(--back); color: var(--ink); }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1.2rem 0 .2rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.4rem 0 .4rem; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
p { margin: .4rem 0; }
a { color: var(--link); }
code { font: .88em ui-monospace, monospace; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
:target { outline: 2px solid var(--focus); outline-offset: -1px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--back); padding: .4rem .8rem; z-index: 9; }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; padding: 0;
  margin: .6rem 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .7rem;
  padding: 0; margin: 1rem 0; list-style: none; }
.cards li { background: var(--card); border: 1px solid var(--line); border-radius: 6px;
  padding: .5rem .8rem; }
.cards b { display: block; font-size: 1.3rem; }
.cards span { color: var(--soft); font-size: .88rem; }
.first td:first-child { width: 9.5rem; }
.scroll { overflow: auto; max-height: 46rem; border: 1px solid var(--line); border-radius: 6px; }
.short { max-height: 19rem; }
caption { text-align: left; font-weight: 600; padding: .3rem .6rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
th { white-space: nowrap; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; list-style: none; padding: 0;
  margin: .5rem 0; font-size: .9rem; }
.legend i { display: inline-block; width: 1.1em; height: 1.1em; border: 1px solid var(--soft);
  border-radius: 3px; margin-right: .4em; vertical-align: -.2em; }
.legend .ran { background: var(--run); } .legend .kept { background: var(--cached); }
.steps { list-style: none; padding: 0; margin: .6rem 0; border-top: 1px solid var(--line); }
.steps li { border-bottom: 1px solid var(--line); }
.steps summary { display: grid; grid-template-columns: minmax(0, 26rem) minmax(6rem, 1fr) 9rem;
  gap: .8rem; align-items: center; padding: .25rem .3rem; cursor: pointer; font-size: .9rem; }
.steps summary:hover { background: var(--card); }
.steps .name::before { content: "▸ "; color: var(--soft); }
.steps [open] .name::before { content: "▾ "; }
.steps .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.steps .track { position: relative; height: 1.1rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 3px; overflow: hidden; }
.steps .bar { position: absolute; top: 0; bottom: 0; min-width: 3px; background: var(--run); }
.steps .bar.cached { background: var(--cached); }
.steps dl { margin: .2rem 0 .8rem; padding: 0 1rem; display: grid; font-size: .9rem;
  grid-template-columns: max-content minmax(0, 1fr); gap: .1rem 1rem; }
.steps dt { color: var(--soft); } .steps dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
.map { position: relative; height: 440px; min-width: 42rem; border: 1px solid var(--soft);
  margin: .6rem 0; background: var(--card); overflow: hidden; }
.cell, .frame { position: absolute; overflow: hidden; font-size: .78rem; line-height: 1.25;
  border: 1px solid var(--back); }
.cell { color: var(--cell); background: var(--files); padding: .1rem .25rem;
  text-decoration: none; overflow-wrap: anywhere; }
.cell b { font-weight: 600; overflow: hidden; display: -webkit-box; -webkit-line-clamp: 3;
  -webkit-box-orient: vertical; }
.cell span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.cell.low { white-space: nowrap; } .cell.low b { -webkit-line-clamp: 1; white-space: normal; }
.cell:hover { text-decoration: underline; }
.cell:focus-visible { outline: 3px solid var(--focus); outline-offset: -3px; z-index: 2; }
.frame { color: var(--ink); padding: 0 .25rem; white-space: nowrap; text-overflow: ellipsis;
  border: 1px solid var(--soft); }
.files { background-color: var(--files); }
.hidden { background-color: var(--hidden); background-image: repeating-linear-gradient(135deg,
  transparent 0 9px, color-mix(in srgb, var(--back) 22%, transparent) 9px 12px); }
.needless { background-color: var(--needless); }
.spare { background-color: var(--spare); }
details.table > summary { cursor: pointer; padding: .3rem 0; color: var(--link); }
@media (max-width: 40rem) {
  .steps summary { grid-template-columns: minmax(0, 1fr) max-content; gap: .2rem .8rem; }
  .steps .track { grid-column: 1 / -1; grid-row: 2; height: .7rem; }
  th, td { padding: .25rem .35rem; } .scroll table { min-width: 44rem; }
  .first td:first-child { width: auto; white-space: normal; text-align: left; }
  .steps dl { grid-template-columns: 1fr; } }
@media print {
  body { max-width: none; font-size: 11px; } .map { min-width: 0; }
  nav, .skip { display: none; }
  .scroll { max-height: none; overflow: visible; }
  .bar, .cell, .legend i, .track { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details::details-content { content-visibility: visible; block-size: auto; }
  li, tr { break-inside: avoid; } .map { break-inside: avoid; } }
"""
    + svg.STYLE
)
