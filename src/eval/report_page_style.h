// The style of an evaluation's page: light and dark by the reader's wish; rows
// of hits wrap on a phone.
#pragma once

#include <string_view>

namespace igrot {

inline constexpr std::string_view report_page_style = R"css(
:root { --right: #2c8a4b; }
@media (prefers-color-scheme: dark) { :root { --right: #62c584; } }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .7rem; }
.note { color: var(--faint); margin: 0 0 1rem; max-width: 46rem; }
h1 { margin-bottom: 1.2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums;
  font-size: .9rem; margin-bottom: 1.2rem; }
th, td { padding: .3rem .8rem; text-align: right; white-space: nowrap; }
th { color: var(--faint); font-weight: 600; }
th.split { text-align: center; }
.label { text-align: left; padding-left: 0; color: var(--ink); }
td.first, th.first, th.split { border-left: 1px solid var(--line); }
tbody tr { border-top: 1px solid var(--line); }
details { border-top: 1px solid var(--line); padding: .6rem 0; }
summary { cursor: pointer; font-weight: 600; padding: .3rem 0; }
summary:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
ol.asked { list-style: none; margin: .5rem 0 0; padding: 0; display: grid;
  gap: .6rem; }
ol.asked > li { background: var(--card); border: 1px solid var(--line);
  border-radius: 10px; padding: .6rem .7rem; display: grid; gap: .9rem;
  grid-template-columns: 15rem minmax(0, 1fr); break-inside: avoid; }
.question { display: grid; grid-template-columns: 4.5rem minmax(0, 1fr);
  gap: .7rem; align-items: center; }
.words { margin: 0; font-size: .92rem; line-height: 1.3;
  overflow-wrap: anywhere; }
.words.unread { color: var(--faint); }
.place { margin: .2rem 0 0; font-size: .76rem; color: var(--faint); }
.hits { list-style: none; margin: 0; padding: 0; display: flex;
  flex-wrap: wrap; gap: .5rem; align-items: center; }
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
  ol.asked > li { grid-template-columns: 1fr; }
  .hits .picture { width: 3.6rem; height: 3.6rem; }
}
@media print { body { background: #fff; } }
)css";

}  // namespace igrot
