// The style sheet of the report: light and dark by the reader's wish, one
// column on a phone, marks for whoever walks by keyboard.
#pragma once

#include <string_view>

namespace igrot::app {

inline constexpr std::string_view report_style = R"css(
h2 { font-size: 1.15rem; margin: 0 0 1rem; letter-spacing: -.005em; }
h3 { font-size: .8rem; margin: 1.75rem 0 .6rem; color: var(--faint);
  font-weight: 600; }
.note { border-left: 3px solid var(--mark); padding: .15rem 0 .15rem .8rem;
  margin: .9rem 0; max-width: 46rem; }
section { border-top: 1px solid var(--line); padding-top: 1.5rem;
  margin-top: 2rem; }
.asked { display: flex; flex-wrap: wrap; gap: .9rem; align-items: flex-start; }
.part { background: var(--card); border: 1px solid var(--line);
  border-radius: 10px; padding: .7rem .9rem .8rem; max-width: 100%; }
.part .role { font-size: .78rem; color: var(--faint); display: block;
  margin-bottom: .35rem; }
.part .words { font-size: 1.25rem; line-height: 1.3; margin: 0;
  max-width: 26rem; overflow-wrap: anywhere; }
.part.not { border-style: dashed; }
.part.not .role { color: var(--mark); }
.part .row { display: flex; flex-wrap: wrap; gap: .6rem; }
.part figure { width: 10rem; }
figure { margin: 0; min-width: 0; }
.well { display: flex; align-items: center; justify-content: center;
  aspect-ratio: 1; background: var(--well); border-radius: 7px;
  overflow: hidden; }
.well img { width: 100%; height: 100%; object-fit: contain; display: block; }
.well .gone { color: var(--faint); font-size: .8rem; padding: .5rem;
  text-align: center; }
figcaption { font-size: .8rem; color: var(--faint); margin-top: .4rem;
  overflow-wrap: anywhere; }
ol.hits { list-style: none; margin: 0; padding: 0; display: grid; gap: .9rem;
  grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); }
.hit { background: var(--card); border: 1px solid var(--line);
  border-radius: 10px; padding: .6rem; height: 100%; }
a.open { color: inherit; text-decoration: none; display: block;
  border-radius: 10px; height: 100%; }
a.open:hover .hit { border-color: var(--mark); }
a.open:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
.figures { display: flex; align-items: baseline; gap: .5rem;
  margin-top: .5rem; font-variant-numeric: tabular-nums; }
.rank { font-weight: 700; font-size: 1.05rem; }
.score { color: var(--faint); font-size: .85rem; margin-left: auto; }
.gauge { height: 3px; border-radius: 2px; background: var(--well);
  margin-top: .3rem; overflow: hidden; }
.gauge i { display: block; height: 100%; background: var(--bar); }
.remark { font-size: .75rem; line-height: 1.3; color: var(--mark);
  margin: .25rem 0 0; }
.none { color: var(--faint); }
@media (max-width: 34rem) {
  main { padding: 1.25rem .9rem 3rem; }
  .part figure { width: 7.5rem; }
  ol.hits { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .6rem; }
}
@media print { body { background: #fff; } .hit { break-inside: avoid; } }
)css";

}  // namespace igrot::app
