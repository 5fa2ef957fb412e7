// What a browser test is given.
//
// A file `*.test.mjs` exports a list: `export default [{ name, run, schemes }]`.
// `run(t)` is called once per scheme (`['http', 'file']` unless `schemes` says
// otherwise) with a session `t`:
//
//   t.browser, t.scheme, t.assert (node:assert/strict)
//   t.temporary()                 a folder of its own, removed afterwards
//   t.cli(...args)                runs the command line: { code, stdout, stderr }
//   t.openPage({ hash, plant, ready, ignore })
//        → a visit. `plant`: [function, ...arguments] run in the page before any
//          of its scripts, or a list of several. `ready: false` does not wait for the page to start.
//          `ignore`: patterns of console errors that the test provokes.
//
// A visit `v` is one open page:
//
//   v.byRole(role, name)          the element the browser itself exposes under this
//                                 role and accessible name; waits for it
//   v.byLabel(label)              the form field with this label; waits for it
//   v.click(role, name)           finds, then clicks for real, until the click arrives
//   v.select(label, value)        chooses in a <select>, by value or visible text
//   v.chooseFile(label, ...paths) puts files in a file input
//   v.dropFiles(selector, ...paths) drops files on an element (synthetic events)
//   v.download(action)            runs the action, waits: { name, bytes }
//   v.until(what, fn, ...args)    waits until fn, run in the page, gives a truthy
//                                 value; gives it
//   v.evaluate(fn, ...args)       runs in the page
//   v.text(selector)              the visible text of an element
//   v.resize(width, height)       gives the page another size, in CSS pixels
//   v.screenshot(name)            into target/screenshots
//   v.accessibility()             the axe-core findings on the page as it stands
//   v.page                        the puppeteer page
//
// Whatever the test does, it fails when a page logs an error, throws, or makes
// a request once it is loaded.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import puppeteer from 'puppeteer-core';

export const SCHEMES = ['http', 'file'];

// How long something that must happen is waited for.
const PATIENCE_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 50;
// How long a press may take to reach the element it was made on.
const CLICK_MILLISECONDS = 2_000;

const here = dirname(fileURLToPath(import.meta.url));
const SCREENSHOTS = resolve(here, '../../target/screenshots');

const PROGRAMS = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  firefox: ['firefox-esr', 'firefox'],
};

// What usually bears a role.
const LIKELY = {
  button: 'button, summary, [role=button]',
  checkbox: 'input[type=checkbox]',
  radio: 'input[type=radio]',
  link: 'a[href]',
  tab: '[role=tab]',
};

const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

export class Harness {
  constructor({ browser, executable, url, file, cli }) {
    this.kind = browser;
    this.executable = executable ?? onPath(PROGRAMS[browser]);
    this.addresses = { http: url, file: pathToFileURL(resolve(file)).href };
    this.cliPath = cli;
  }

  async launch(more = []) {
    this.downloads = await mkdtemp(join(tmpdir(), 'ops-mixite-telechargements-'));
    const common = { executablePath: this.executable, headless: true };
    if (this.kind === 'firefox') {
      this.browser = await puppeteer.launch({
        ...common,
        browser: 'firefox',
        extraPrefsFirefox: {
          'browser.download.dir': this.downloads,
          'browser.download.folderList': 2,
          'browser.download.useDownloadDir': true,
          'browser.download.always_ask_before_handling_new_types': false,
          // Its panel would take the focus from the page.
          'browser.download.alwaysOpenPanel': false,
          'browser.download.manager.addToRecentDocs': false,
          'browser.helperApps.neverAsk.saveToDisk':
            'application/json,application/octet-stream,text/csv,text/plain,image/png,image/svg+xml',
        },
      });
    } else {
      this.browser = await puppeteer.launch({ ...common, args: [...CHROMIUM_FLAGS, ...more] });
      const devtools = await this.browser.target().createCDPSession();
      await devtools.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: this.downloads });
    }
  }

  // Pictures of an earlier run would pass for this one's.
  async clearScreenshots() {
    await mkdir(SCREENSHOTS, { recursive: true });
    for (const name of await readdir(SCREENSHOTS)) {
      if (name.startsWith(`${this.kind}-`)) await rm(join(SCREENSHOTS, name));
    }
  }

  session(scheme, title) {
    return new Session(this, scheme, title);
  }

  async relaunch() {
    await this.close();
    await this.launch();
  }

  async close() {
    const browser = this.browser;
    this.browser = undefined;
    if (browser !== undefined) {
      const process = browser.process();
      await Promise.race([browser.close().catch(() => {}), sleep(10_000)]);
      process?.kill('SIGKILL');
    }
    if (this.downloads !== undefined) await rm(this.downloads, { recursive: true, force: true });
  }
}

// One run of one test.
class Session {
  constructor(harness, scheme, title) {
    this.harness = harness;
    this.browser = harness.kind;
    this.scheme = scheme;
    this.assert = assert;
    this.title = title;
    this.visits = [];
    this.folders = [];
  }

  async openPage({ hash = '', plant, ready = true, ignore = [], address } = {}) {
    const page = await this.harness.browser.newPage();
    const visit = new Visit(this, page, ignore);
    this.visits.push(visit);
    await visit.resize(1280, 900);
    const plants = typeof plant?.[0] === 'function' ? [plant] : plant ?? [];
    for (const one of plants) await page.evaluateOnNewDocument(...one);
    await visit.open(address ?? this.harness.addresses[this.scheme] + hash);
    if (ready) {
      await visit.until('la page a démarré', () => document.getElementById('demarrage')?.hidden === true);
    }
    return visit;
  }

  async temporary() {
    const folder = await mkdtemp(join(tmpdir(), 'ops-mixite-test-'));
    this.folders.push(folder);
    return folder;
  }

  cli(...args) {
    assert.ok(this.harness.cliPath, 'ce test demande --cli');
    return new Promise((done) => {
      execFile(this.harness.cliPath, args, { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
        done({ code: error === null ? 0 : error.code, stdout, stderr });
      });
    });
  }

  verify() {
    for (const visit of this.visits) visit.verify();
  }

  notes() {
    return this.visits.flatMap((visit) => visit.errors.map((error) => `console : ${error}`));
  }

  async screenshotAll(name) {
    for (const [at, visit] of this.visits.entries()) await visit.screenshot(`${this.title} ${name} ${at}`);
  }

  async closePages() {
    for (const visit of this.visits) await visit.page.close();
  }

  async removeFolders() {
    for (const folder of this.folders) await rm(folder, { recursive: true, force: true });
  }
}

// One open page.
class Visit {
  constructor(session, page, ignore) {
    this.session = session;
    this.page = page;
    this.errors = [];
    this.requests = [];
    const note = (text) => {
      if (!ignore.some((pattern) => pattern.test(text))) this.errors.push(text);
    };
    page.on('console', (message) => {
      if (message.type() === 'error') note(message.text());
    });
    page.on('pageerror', (error) => note(String(error?.message ?? error)));
    page.on('error', (error) => note(`la page s’est effondrée : ${error.message}`));
    page.on('request', (request) => {
      // Chromium tells the fragment, which no server is sent.
      const url = request.url().split('#')[0];
      // A blob and a data address reach nothing: they are the worker's text,
      // the files saved and the empty icon.
      if (/^(blob|data|about):/.test(url)) return;
      // The page itself, once. Firefox does not tell of a file.
      if (this.asked === url) this.asked = undefined;
      else this.requests.push(url);
    });
  }

  async open(address) {
    this.asked = address.split('#')[0];
    await this.page.goto(address, { waitUntil: 'load' });
    this.asked = undefined;
  }

  async resize(width, height) {
    try {
      await this.page.setViewport({ width, height });
    } catch (error) {
      // The driver also turns the screen, which Firefox ESR 140 cannot be asked;
      // the size is given first, and checked here.
      if (!/unknown command .*setScreenOrientationOverride/.test(error.message)) throw error;
      await this.until('la taille', (width, height) => innerWidth === width && innerHeight === height, width, height);
    }
  }

  verify() {
    assert.deepEqual(this.errors, [], 'la console de la page porte des erreurs');
    assert.deepEqual(this.requests, [], 'la page a fait une requête');
  }

  evaluate(fn, ...args) {
    return this.page.evaluate(fn, ...args);
  }

  // Puppeteer's own waiting compiles text in the page, which the policy forbids.
  async until(what, fn, ...args) {
    return this.#wait(what, () => this.page.evaluate(fn, ...args));
  }

  // `what` may be a function, asked once the wait is over.
  async #wait(what, probe) {
    const end = Date.now() + PATIENCE_MILLISECONDS;
    for (;;) {
      const found = await probe();
      if (found) return found;
      if (Date.now() > end) throw new Error(`attendu en vain : ${typeof what === 'function' ? what() : what}`);
      await sleep(POLL_MILLISECONDS);
    }
  }

  byRole(role, name) {
    return this.#wait(`${role} « ${name} »`, async () => {
      for (const root of await this.#roots(role, name)) {
        for await (const element of root.queryAXTree(name, role)) return element;
      }
      return null;
    });
  }

  // Where the browser is asked for a role and a name. Firefox names every element it
  // passes, seconds on a long page: it is first asked beside the words of the name.
  async #roots(role, name) {
    const roots = [await this.page.$('body')];
    if (this.session.browser !== 'firefox') return roots;
    const likely = await this.page.evaluateHandle((words, name) => {
      const plain = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
      const about = (element) => [element.getAttribute('aria-label'), element.textContent, element.labels?.[0]?.textContent];
      return [...document.querySelectorAll(words)]
        .filter((element) => about(element).some((text) => plain(text).includes(name)) && element.checkVisibility())
        .slice(0, 4)
        .map((element) => element.parentElement);
    }, LIKELY[role] ?? `[role=${role}]`, name.replace(/\s+/g, ' ').trim());
    for (const handle of (await likely.getProperties()).values()) roots.unshift(handle.asElement());
    return roots;
  }

  byLabel(label) {
    return this.#wait(`le champ « ${label} »`, async () => {
      const handle = await this.page.evaluateHandle((label) => {
        const plain = (text) => text.replace(/\s+/g, ' ').trim();
        const names = (field) => [
          field.getAttribute('aria-label') ?? '',
          ...(field.getAttribute('aria-labelledby') ?? '')
            .split(/\s+/)
            .map((id) => document.getElementById(id)?.textContent ?? ''),
          ...[...(field.labels ?? [])].map((element) => {
            // The label's own words, not those of a field inside it.
            const copy = element.cloneNode(true);
            for (const inner of copy.querySelectorAll('input, select, textarea')) inner.remove();
            return copy.textContent;
          }),
        ];
        const fields = [...document.querySelectorAll('input, select, textarea')];
        return fields.find((field) => names(field).some((name) => plain(name) === label)) ?? null;
      }, label);
      return handle.asElement();
    });
  }

  // What stands above may grow between the look at where the element is and the
  // press there, and the press then falls beside it: a click counts once the element
  // has been told of it, and is made again until then.
  async click(role, name) {
    await this.#wait(`un clic sur ${role} « ${name} »`, async () => {
      const element = await this.byRole(role, name);
      const told = await element.evaluateHandle((element) => {
        const told = { clicked: false };
        element.addEventListener('click', () => { told.clicked = true; }, { once: true, capture: true });
        return told;
      });
      // What was found may have been drawn again since.
      const pressed = await element.click().then(() => true, () => false);
      const end = Date.now() + (pressed ? CLICK_MILLISECONDS : 0);
      do {
        if (await told.evaluate(({ clicked }) => clicked)) return true;
        await sleep(POLL_MILLISECONDS);
      } while (Date.now() < end);
      return false;
    });
  }

  async select(label, wanted) {
    const field = await this.byLabel(label);
    await field.evaluate((select, wanted) => {
      const option = [...select.options].find((one) => one.value === wanted || one.text.trim() === wanted);
      if (option === undefined) throw new Error(`pas de choix « ${wanted} »`);
      select.value = option.value;
      select.dispatchEvent(new Event('input', { bubbles: true }));
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }, wanted);
  }

  async chooseFile(label, ...paths) {
    const input = await this.byLabel(label);
    await input.uploadFile(...paths.map((path) => resolve(path)));
  }

  // No driver drops files from outside: the events are made in the page.
  async dropFiles(selector, ...paths) {
    const files = await Promise.all(
      paths.map(async (path) => ({ name: basename(path), base64: (await readFile(path)).toString('base64') })),
    );
    await this.page.evaluate(
      (selector, files) => {
        const target = document.querySelector(selector);
        if (target === null) throw new Error(`rien sous « ${selector} »`);
        const dataTransfer = new DataTransfer();
        for (const { name, base64 } of files) {
          const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
          dataTransfer.items.add(new File([bytes], name));
        }
        for (const type of ['dragenter', 'dragover', 'drop']) {
          target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
        }
      },
      selector,
      files,
    );
  }

  // A file is there once no partial one is left and its size stands still. Firefox makes
  // an empty file of a random name first, and takes it away: what was listed may be gone.
  async download(action) {
    const folder = this.session.harness.downloads;
    const before = new Set(await readdir(folder));
    await action();
    let last = '';
    let names = [];
    const what = () => `un téléchargement (dans le dossier : ${names.join(', ') || 'rien'})`;
    const name = await this.#wait(what, async () => {
      names = (await readdir(folder)).filter((name) => !before.has(name));
      if (names.length !== 1 || /\.(part|crdownload|tmp)$/.test(names[0]) || names[0].startsWith('.')) return null;
      const size = await stat(join(folder, names[0])).then((found) => found.size, absent);
      const now = `${names[0]} ${size}`;
      const still = size > 0 && now === last;
      last = now;
      return still ? names[0] : null;
    });
    const path = join(folder, name);
    const bytes = await readFile(path);
    await rm(path);
    return { name, bytes };
  }

  text(selector) {
    return this.page.evaluate((selector) => {
      const element = document.querySelector(selector);
      return element === null ? null : element.innerText;
    }, selector);
  }

  async screenshot(name) {
    const words = [this.session.browser, this.session.scheme, name].join(' ');
    const file = words.normalize('NFD').replace(/\p{M}/gu, '').replace(/[^a-zA-Z0-9]+/g, '-');
    await this.page.screenshot({ path: join(SCREENSHOTS, `${file}.png`), fullPage: true });
  }

  // RGAA 4.1 checks against WCAG 2.1, levels A and AA.
  async accessibility() {
    await this.page.evaluate(readFileSync(join(here, 'node_modules/axe-core/axe.min.js'), 'utf8'));
    return this.page.evaluate(async () => {
      const { violations } = await globalThis.axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
      });
      return violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map((node) => node.target.join(' ')) }));
    });
  }
}

function absent(error) {
  if (error.code !== 'ENOENT') throw error;
  return 0;
}

function onPath(names) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not here.
      }
    }
  }
  throw new Error(`aucun de ces navigateurs n’est sur le PATH : ${names.join(', ')}`);
}
