// The style of the page of samples: light and dark by the reader's wish, one
// column on a phone.
#pragma once

#include <string_view>

namespace igrot {

inline constexpr std::string_view sample_sheet_style = R"css(
.note { color: var(--faint); margin: 0 0 1.5rem; max-width: 46rem; }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: .9rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); }
ol.viewed {
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); }
li { background: var(--card); border: 1px solid var(--line);
  border-radius: 10px; padding: .8rem .9rem; display: flex;
  flex-direction: column; break-inside: avoid; }
.number { font-size: .78rem; color: var(--faint); margin: 0; }
.words { font-size: 1.05rem; line-height: 1.35; margin: .1rem 0 .7rem;
  overflow-wrap: anywhere; }
.words.none { color: var(--mark); }
.pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr));
  gap: .9rem; margin-top: auto; }
figure { margin: 0; min-width: 0; }
.views { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr));
  gap: .35rem; }
.views > :first-child { grid-column: span 2; grid-row: span 2; }
.well { display: flex; aspect-ratio: 1; background: var(--well);
  border: 1px solid var(--line); border-radius: 7px; overflow: hidden;
  min-width: 0; }
.well img { width: 100%; height: 100%; display: block; }
.gone { color: var(--mark); font-size: .78rem; line-height: 1.35;
  padding: .5rem .6rem; margin: auto; max-height: 100%; overflow: auto;
  overflow-wrap: anywhere; text-align: center; }
figcaption { font-size: .78rem; color: var(--faint); margin-top: .35rem;
  overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
figcaption b { color: var(--ink); font-weight: 600; }
@media (max-width: 34rem) {
  main { padding: 1.25rem .9rem 3rem; }
  .pair { gap: .6rem; }
}
@media print { body { background: #fff; } }
)css";

}  // namespace igrot
