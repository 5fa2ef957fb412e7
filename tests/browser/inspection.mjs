// What every state of the page is looked at for, beside what a test is about:
// axe-core, the width of a phone, zoom, spaced texts, motion, and how French is
// written.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const AXE = readFileSync(join(import.meta.dirname, 'node_modules/axe-core/axe.min.js'), 'utf8');
const WIDE = [1280, 900];
// 320 CSS pixels: a phone, and also a screen of 1280 pixels at a zoom of 400 %.
const PHONE = [320, 640];
const ZOOMED = [640, 450];

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

// Rules that found nothing to look at would prove nothing: `least` must have.
const axe = async (visit, runOnly, least) => {
  await visit.evaluate(AXE);
  return visit.evaluate(
    async (runOnly, least) => {
      const { violations, passes } = await globalThis.axe.run(document, { runOnly });
      const found = violations.map(({ id, nodes }) => `${id} : ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
      return passes.length > least ? found : [`${passes.length} règles seulement ont trouvé à regarder`];
    },
    runOnly,
    least,
  );
};

// What spills over the page, sideways: a wide table scrolls in its own frame.
const spill = () => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide <= 0) return [];
  const edge = document.documentElement.clientWidth;
  const over = [...document.querySelectorAll('body *')].filter(
    (one) => one.checkVisibility() && one.getBoundingClientRect().right > edge + 1 && one.closest('.defile, pre') === null,
  );
  return [`déborde de ${wide} px : ${over.slice(-3).map((one) => one.id || one.className || one.tagName).join(', ')}`];
};

// Texts that their own box cuts, where nothing scrolls.
const cut = () =>
  [...document.querySelectorAll('main *, footer *')]
    .filter((one) => {
      if (!one.checkVisibility() || one.closest('.lecteur, input, select, textarea') !== null) return false;
      const { overflowX, overflowY } = getComputedStyle(one);
      const hides = (way) => way === 'hidden' || way === 'clip';
      return (
        (hides(overflowX) && one.scrollWidth > one.clientWidth + 1) ||
        (hides(overflowY) && one.scrollHeight > one.clientHeight + 1)
      );
    })
    .map((one) => `coupé : ${one.id || one.className || one.tagName}`);

// WCAG 1.4.12, without a word of style in the page's own sheet.
const space = (on) => {
  globalThis.spacing ??= new CSSStyleSheet();
  globalThis.spacing.replaceSync(
    '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }',
  );
  document.adoptedStyleSheets = on ? [globalThis.spacing] : [];
};

const moving = () => {
  const still = (value) => value.split(',').every((one) => Number.parseFloat(one) === 0);
  const animated = [...document.querySelectorAll('body *')].filter((one) => {
    const style = getComputedStyle(one);
    return !still(style.transitionDuration) || style.animationName !== 'none';
  });
  return animated.map((one) => `bouge : ${one.id || one.className || one.tagName}`);
};

// Headings that skip a level, regions without a name, tables without a caption.
const structure = () => {
  const seen = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
  const name = (one) => one.id || one.textContent.slice(0, 40);
  const levels = seen('h1, h2, h3, h4, h5').map((one) => [Number(one.tagName[1]), name(one)]);
  return [
    ...levels.filter(([level], at) => at > 0 && level > levels[at - 1][0] + 1).map(([, what]) => `titre qui saute un niveau : ${what}`),
    ...seen('table').filter((one) => (one.caption?.innerText ?? '').trim() === '').map((one) => `tableau sans titre : ${name(one)}`),
    ...seen('th').filter((one) => one.scope === '').map((one) => `en-tête sans portée : ${name(one)}`),
    ...seen('.defile').filter((one) => one.tabIndex !== 0 || !one.getAttribute('aria-label')).map((one) => `cadre sans nom : ${name(one)}`),
    ...(document.querySelectorAll('[role=alert]').length < 4 ? ['les zones d’alerte manquent'] : []),
  ];
};

// How French is written: no-break spaces, thin spaces in numbers, decimal
// commas, dates in words, one form of the apostrophe. Code and what a file says itself are let be.
const french = () => {
  const faults = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!parent.checkVisibility() || parent.closest('script, style, pre, code, textarea, #demarrage, noscript') !== null) continue;
    const text = node.data;
    const said = (why) => faults.push(`${why} : « ${text.trim().slice(0, 90)} »`);
    if (/[^\s] [:;?!»%]/.test(text) || /« /.test(text)) said('espace sécable');
    if (/\d\.\d+\s?%/.test(text)) said('point décimal');
    if (/(^|[^\d-])\d{4}-\d{2}-\d{2}([^\d-]|$)/.test(text)) said('date');
    if (/\d{4,}\s(octets|lignes|logements|ménages|effectifs|cases)/.test(text)) said('milliers');
    if (parent.closest('td.nombre, .cles dd') !== null && /(^|[^\d,])\d{4,}/.test(text)) said('milliers');
    if (text.includes('\u2019')) said('apostrophe courbe');
    if (/\b(null|undefined|NaN|None|Some|error|true|false)\b/.test(text)) said('mot de programme');
  }
  return faults;
};

// Looks at states, and tells at the end what was wrong in all of them.
export class Inspection {
  constructor(t) {
    this.t = t;
    this.faults = [];
    this.told = new Set();
  }

  // Looks at a state, every fold of it open, and puts the screen back.
  async of(visit, state) {
    // What is wrong in many states is told once.
    const note = (where, found) => {
      for (const fault of found.filter((fault) => !this.told.has(fault))) {
        this.told.add(fault);
        this.faults.push(`${state} · ${where} · ${fault}`);
      }
    };
    // A page behind another draws nothing, and would be waited for.
    await visit.page.bringToFront();
    await visit.evaluate(() => {
      for (const fold of document.querySelectorAll('details:not([open])')) {
        fold.open = true;
        fold.dataset.ouvert = '';
      }
    });
    note('axe', await axe(visit, [...WCAG, 'best-practice'], 20));
    note('structure', await visit.evaluate(structure));
    note('français', await visit.evaluate(french));
    note('mouvement', await visit.evaluate(moving));
    await visit.screenshot(`état ${state}`);
    for (const [where, size, spaced] of [
      ['320 px', PHONE, false],
      ['320 px, textes espacés', PHONE, true],
      ['zoom 200 %', ZOOMED, false],
    ]) {
      await visit.resize(...size);
      await visit.evaluate(space, spaced);
      // The drawing follows the width at the next frame.
      await visit.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      note(where, await visit.evaluate(spill));
      note(where, await visit.evaluate(cut));
    }
    await visit.evaluate(space, false);
    await visit.resize(...WIDE);
    await visit.evaluate(() => {
      for (const fold of document.querySelectorAll('details[data-ouvert]')) {
        fold.open = false;
        delete fold.dataset.ouvert;
      }
    });
  }

  // Looks at what a button prints alone. A sheet has no landmark nor link to
  // skip to: the good practices of a screen are not asked of it.
  async printed(visit, name, state) {
    if (this.t.browser !== 'chromium') return;
    await visit.evaluate((name) => document.body.classList.add(name), name);
    await visit.page.emulateMediaType('print');
    const faults = [...(await axe(visit, WCAG, 8)), ...(await visit.evaluate(structure)), ...(await visit.evaluate(french))];
    await visit.screenshot(`état ${state}`);
    this.faults.push(...faults.map((fault) => `${state} · ${fault}`));
    await visit.page.emulateMediaType(null);
    await visit.evaluate((name) => document.body.classList.remove(name), name);
  }

  verify() {
    this.t.assert.deepEqual(this.faults, []);
  }
}
