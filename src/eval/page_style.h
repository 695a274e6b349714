// The style of pages about evaluations: light and dark by the reader's wish;
// rows of hits wrap on a phone.
#pragma once

#include <string_view>

namespace igrot {

inline constexpr std::string_view page_style = R"css(
:root { --right: #2c8a4b; }
@media (prefers-color-scheme: dark) { :root { --right: #62c584; } }
[hidden] { display: none !important; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .7rem; }
h3 { font-size: 1rem; display: inline; }
h1 { margin-bottom: 1.2rem; }
.note { color: var(--faint); margin: 0 0 1rem; max-width: 46rem; }
.skip a { position: absolute; left: -100vw; }
.skip a:focus { left: 1rem; top: .5rem; background: var(--card);
  color: var(--ink); padding: .4rem .8rem; border-radius: 6px; z-index: 3; }
a { color: var(--mark); }
:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
.scroll { overflow-x: auto; margin-bottom: 1.4rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums;
  font-size: .9rem; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
th, td { padding: .3rem .8rem; text-align: right; white-space: nowrap; }
th { color: var(--faint); font-weight: 600; }
th.split { text-align: center; }
.label { text-align: left; padding-left: 0; color: var(--ink); }
td.first, th.first, th.split { border-left: 1px solid var(--line); }
.settings td { white-space: normal; overflow-wrap: anywhere;
  padding-right: 1.2rem; }
tbody tr { border-top: 1px solid var(--line); }
#filters { display: flex; flex-wrap: wrap; gap: .5rem .9rem;
  align-items: center; background: var(--card); border-radius: 10px;
  border: 1px solid var(--line); padding: .6rem .8rem; margin: 0 0 1rem;
  font-size: .88rem; }
#filters select, #filters input, #filters button { font: inherit;
  color: var(--ink); background: var(--page); border-radius: 6px;
  border: 1px solid var(--line); padding: .25rem .45rem; max-width: 11rem; }
#filters button { cursor: pointer; }
#filters output { color: var(--faint); }
.keys { margin: 0; color: var(--faint); flex-basis: 100%; font-size: .78rem; }
kbd { font: inherit; border: 1px solid var(--line); border-radius: 4px;
  padding: 0 .3rem; }
details { border-top: 1px solid var(--line); padding: .6rem 0; }
summary { cursor: pointer; padding: .3rem 0; }
figure { margin: .6rem 0; }
figcaption { font-size: .78rem; color: var(--faint); }
.ranks { width: 100%; max-width: 24rem; display: block; }
.ranks .reach { fill: transparent; }
.ranks .bar { fill: var(--bar); }
.ranks text { fill: var(--ink); font-size: 11px; text-anchor: middle;
  font-variant-numeric: tabular-nums; }
.ranks text.name { fill: var(--faint); }
.ranks [role=button] { cursor: pointer; }
.ranks [role=button]:hover .bar { opacity: .8; }
.ranks [aria-pressed=true] .bar { fill: var(--mark); }
.ranks [aria-pressed=true] text.name { fill: var(--ink); font-weight: 700; }
ol.asked { list-style: none; margin: .5rem 0 0; padding: 0; display: grid;
  gap: .6rem; }
.card { background: var(--card); border: 1px solid var(--line);
  border-radius: 10px; padding: .6rem .7rem; display: grid; gap: .9rem;
  grid-template-columns: 15rem minmax(0, 1fr); break-inside: avoid;
  scroll-margin: 1rem; }
.card:focus { outline: 3px solid var(--mark); outline-offset: 1px; }
.question { display: grid; grid-template-columns: 4.5rem minmax(0, 1fr);
  gap: .7rem; align-items: start; }
.words { margin: 0; font-size: .92rem; line-height: 1.3; font-weight: 500;
  overflow-wrap: anywhere; }
.words.unread { color: var(--faint); text-decoration: line-through; }
.picture.unread { opacity: .35; }
.note-line { margin: .2rem 0 0; font-size: .76rem; color: var(--faint);
  line-height: 1.35; overflow-wrap: anywhere; }
.way { margin: 0 0 .25rem; font-size: .8rem; color: var(--faint); }
.way b { color: var(--ink); }
.hits + .way { margin-top: .7rem; }
.hits { list-style: none; margin: 0; padding: 0; display: flex;
  flex-wrap: wrap; gap: .5rem; align-items: flex-start; }
.hits small { display: block; text-align: center; font-size: .68rem;
  color: var(--faint); font-variant-numeric: tabular-nums; }
.answer { border-left: 2px dotted var(--faint); padding-left: .5rem; }
.picture { display: block; width: 4.5rem; height: 4.5rem; border-radius: 6px;
  background: #fff center / contain no-repeat; border: 3px solid var(--line);
  position: relative; print-color-adjust: exact;
  -webkit-print-color-adjust: exact; }
.picture.right { border-color: var(--right); }
.picture.right::after { content: "\2713"; position: absolute; right: -3px;
  bottom: -3px; background: var(--right); color: var(--page);
  font-size: .7rem; font-weight: 700; line-height: 1; padding: .15rem .2rem;
  border-radius: 5px 0 4px 0; }
@media (max-width: 44rem) {
  main { padding: 1.25rem .9rem 3rem; }
  .card { grid-template-columns: minmax(0, 1fr); }
  .hits .picture { width: 3.4rem; height: 3.4rem; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-bottom: .4rem; }
  .keys { display: none; }
  table { font-size: .82rem; }
  th, td { padding: .25rem .5rem; }
  .label { padding-left: 0; white-space: normal; }
}
@media print { body { background: #fff; } #filters { display: none; } }
)css";

}  // namespace igrot
