// The script of pages about evaluations. Without it everything is there; with
// it questions can be filtered, ordered and walked through by keyboard.
#pragma once

#include <string_view>

namespace igrot {

inline constexpr std::string_view page_script_text = R"js(
'use strict';
(() => {
  const form = document.getElementById('filters');
  const fields = form.elements;
  const lists = [...document.querySelectorAll('ol.asked')].map(list => ({
    list, section: list.closest('.ranking'), cards: [...list.children]}));
  const bins = [...document.querySelectorAll('.ranks .bin')];
  const asked = name => fields[name] ? fields[name].value : '';

  const tests = {
    task: (card, value) => card.dataset.task === value,
    method: (card, value) => card.dataset.method === value,
    split: (card, value) => card.dataset.split === value,
    kind: (card, value) => card.dataset.kinds.split('\n').includes(value),
    found: (card, value) => card.dataset.found === value,
    bin: (card, value) => card.dataset.bin === value,
    words: (card, value) => card.querySelector('.words').textContent
      .toLowerCase().includes(value.toLowerCase()),
  };
  // Smaller comes first; a question without any right answer is the worst.
  const orders = {
    place: card => -(card.dataset.place || Infinity),
    asked: card => +card.dataset.asked,
    score: card => -card.dataset.score,
  };

  function show() {
    const wanted = Object.keys(tests).filter(name => asked(name) !== '');
    const fits = card => wanted.every(name => tests[name](card, asked(name)));
    let shown = 0, all = 0;
    for (const {list, section, cards} of lists) {
      const kept = cards.filter(fits);
      for (const card of cards) card.hidden = true;
      for (const card of kept) card.hidden = false;
      if (section) {
        section.hidden = kept.length === 0;
        if (wanted.length > 0 && kept.length > 0) section.open = true;
      }
      shown += kept.length;
      all += cards.length;
    }
    for (const bin of bins)
      bin.setAttribute('aria-pressed', bin.dataset.bin === asked('bin'));
    fields.count.value = shown + ' of ' + all + ' shown';
  }

  function sort() {
    const key = orders[asked('order')];
    for (const {list, cards} of lists) {
      const order = new Map(cards.map(card => [card, key(card)]));
      list.append(...cards.slice().sort((a, b) =>
        order.get(a) < order.get(b) ? -1 : order.get(a) > order.get(b) ? 1 : 0
      ));
    }
  }

  function step(by) {
    const cards = [...document.querySelectorAll('.card')].filter(card =>
      !card.hidden && !(card.closest('.ranking') || {}).hidden);
    const here = cards.indexOf(document.activeElement.closest('.card'));
    const next = cards[here < 0 ? 0 : here + by];
    if (!next) return;
    const section = next.closest('.ranking');
    if (section) section.open = true;
    next.focus({preventScroll: true});
    next.scrollIntoView({block: 'nearest'});
  }

  form.hidden = false;
  form.addEventListener('submit', event => event.preventDefault());
  form.addEventListener('input', event => {
    if (event.target.name === 'order') sort(); else show();
  });
  form.addEventListener('reset', () => setTimeout(() => { sort(); show(); }));
  for (const bin of bins) {
    bin.setAttribute('role', 'button');
    bin.setAttribute('tabindex', '0');
    const press = () => {
      const value = bin.dataset.bin;
      fields.bin.value = fields.bin.value === value ? '' : value;
      show();
    };
    bin.addEventListener('click', press);
    bin.addEventListener('keydown', event => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      press();
    });
  }
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches('input, select, textarea');
    if (typing && event.key === 'Escape') event.target.blur();
    if (typing) return;
    const steps = {j: 1, k: -1};
    if (event.target.closest('.card'))
      Object.assign(steps, {ArrowDown: 1, ArrowUp: -1});
    if (event.key === '/') fields.words.focus();
    else if (event.key in steps) step(steps[event.key]);
    else return;
    event.preventDefault();
  });
  show();
})();
)js";

}  // namespace igrot
