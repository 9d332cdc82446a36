/**
 * What a page does in a browser: filter, follow links into what is closed or filtered away, show octets.
 * Texts of a target only ever go through `textContent`.
 */
export const script = `'use strict';
(() => {
  const form = document.getElementById('filter');
  const items = [...document.querySelectorAll('[data-v]')];
  const texts = new Map();
  const textOf = (item) => {
    if (!texts.has(item)) texts.set(item, item.textContent.slice(0, 20000).toLowerCase());
    return texts.get(item);
  };
  const has = (list, wanted) => wanted === '' || list.split(' ').includes(wanted);
  const tally = (what, selector) => {
    const all = items.filter((item) => item.matches(selector));
    const seen = all.filter((item) => !item.hidden);
    return (seen.length === all.length ? '' : seen.length + ' of ') + all.length + ' ' + what;
  };
  function filter() {
    const data = new FormData(form);
    const verdicts = data.getAll('v');
    const words = data.get('q').toLowerCase().split(/\\s+/).filter((word) => word !== '');
    const [level, section] = [data.get('l'), data.get('s')];
    for (const item of items) {
      const { v, l, s } = item.dataset;
      const verdict = verdicts.length === 0 || verdicts.includes(v);
      item.hidden = ![verdict, has(l, level), has(s, section)].every(Boolean) || !words.every((word) => textOf(item).includes(word));
    }
    for (const group of document.querySelectorAll('.group')) group.hidden = !group.querySelector('[data-v]:not([hidden])');
    form.querySelector('output').textContent = tally('requirements', 'li') + ', ' + tally('cases', '.case');
  }
  function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (form ? target.closest('[hidden]') : false) {
      form.reset();
      filter();
    }
    for (let at = target; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
    target.scrollIntoView();
    (target.tagName === 'DETAILS' ? target.firstElementChild : target).focus({ preventScroll: true });
  }
  function dump(octets) {
    const pair = (octet) => octet.toString(16).padStart(2, '0');
    const lines = [];
    for (let at = 0; octets.length > at; at += 16) {
      const part = octets.slice(at, at + 16);
      const chars = part.map((octet) => String.fromCharCode(octet >= 32 ? (127 > octet ? octet : 183) : 183));
      lines.push(at.toString(16).padStart(4, '0') + '  ' + part.map(pair).join(' ').padEnd(48) + ' ' + chars.join(''));
    }
    return lines.join('\\n');
  }
  function octetsOf(details) {
    const hex = details.dataset.hex;
    if (hex !== undefined) {
      return hex.split('…').map((part) => (/^[0-9a-f\\s]*$/.test(part) ? dump(part.split(' ').filter(Boolean).map((pair) => parseInt(pair, 16))) : '… ' + part + ' …')).join('\\n');
    }
    const text = details.firstElementChild.textContent.replace(/\\\\r\\\\n$/, '\\r\\n').replace(/\\\\n$/, '\\n');
    return dump([...new TextEncoder().encode(text)]);
  }
  document.addEventListener('toggle', ({ target }) => {
    if (!target.matches('details.hex') || target.querySelector('pre')) return;
    const pre = document.createElement('pre');
    pre.textContent = octetsOf(target);
    target.append(pre);
  }, true);
  let waiting = 0;
  if (form) {
    form.addEventListener('input', () => {
      clearTimeout(waiting);
      waiting = setTimeout(filter, 60);
    });
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('reset', () => setTimeout(filter, 0));
  }
  document.addEventListener('click', ({ target }) => {
    const all = target.closest('[data-all]');
    if (all) for (const item of document.querySelectorAll('.case:not([hidden])')) item.open = all.dataset.all === 'open';
    const link = target.closest('a[href^="#"]');
    if (link ? link.hash === location.hash : false) setTimeout(reveal, 0);
  });
  addEventListener('hashchange', reveal);
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('.case.fail:not([open]):not([hidden])')];
    for (const item of opened) item.open = true;
  });
  addEventListener('afterprint', () => {
    for (const item of opened) item.open = false;
  });
  if (location.hash !== '') reveal();
})();
`;

/** The SHA-256 of the script (base64): a page runs this script and no other. */
export const scriptHash = 'Lsx0dcExRLz6ZCIaxLMRxVr6ypJJgHrgFqdhhCnV50E=';
