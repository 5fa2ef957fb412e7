// Measures the sealed page in headless Chromium: file chosen → preview shown,
// beside SheetJS reading the same file and the browser inflating its sheet.
//
//   node bench.mjs --file dist/index.html --rows N --folder FILES [--executable PATH]
//
// `cargo xtask bench` calls it. Prints one line of a Markdown table per file.
// All figures of a line are taken in one run, one after the other, so that
// their ratios hold on any machine.

import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Harness } from '../../tests/browser/harness.mjs';
import { hearMemory } from '../../tests/browser/plants.mjs';
import { options } from './options.mjs';

// Past this, a reader is said not to manage.
const PATIENCE_MILLISECONDS = 600_000;
// More rows than these SheetJS does not hold in the memory of a page: trying
// takes minutes and the browser with it.
const MOST_ROWS_OF_SHEETJS = 300_000;
// Those of which the folder has a file.
const FORMATS = ['xlsx', 'ods', 'csv'];

const here = dirname(fileURLToPath(import.meta.url));
const SHEETJS = join(here, 'node_modules/xlsx/dist/xlsx.full.min.js');

// Run in the page before its own scripts: notes when a file is chosen, when each
// step begins, when the preview is complete and when the readings are compared.
function plant() {
  const notes = { steps: [] };
  globalThis.mesures = notes;
  // The page is usable once its program has shown it.
  const watch = new MutationObserver(() => {
    const application = document.getElementById('application');
    if (!application || application.hidden) return;
    notes.usable = performance.now();
    watch.disconnect();
  });
  watch.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['hidden'] });
  const Real = globalThis.Worker;
  globalThis.Worker = class extends Real {
    constructor(url) {
      super(url);
      this.addEventListener('message', (event) => {
        const { data } = event;
        const step = data?.Progress?.step;
        if (step && notes.steps.at(-1)?.step !== step) notes.steps.push({ step, at: performance.now() });
        // The partial is written once it is proved.
        if (data?.Piece) notes.proved ??= performance.now();
        if (data?.OtherReading) notes.compared = performance.now();
      });
    }
  };
  document.addEventListener(
    'change',
    ({ target }) => {
      if (target.type !== 'file' || target.dataset.mesure === undefined) return;
      notes.begun = performance.now();
      const wait = setInterval(() => {
        const error = document.querySelector('[role=alert]:not(:empty)');
        if (!document.getElementById('verifie').disabled || error?.textContent.trim()) {
          clearInterval(wait);
          notes.ended = performance.now();
          notes.error = document.getElementById('verifie').disabled ? error.textContent.trim() : undefined;
        }
      }, 5);
    },
    true,
  );
}

async function ours(harness, path, campaign) {
  const session = harness.session('file', 'mesures');
  const visit = await session.openPage({ plant: [...hearMemory(), [plant]] });
  await visit.chooseFile('Campagne (facultatif)', campaign);
  const input = await visit.byLabel('Fichier OPS');
  await input.evaluate((element) => { element.dataset.mesure = ''; });
  await input.uploadFile(resolve(path));
  const end = Date.now() + PATIENCE_MILLISECONDS;
  // An error compares nothing.
  const done = () => globalThis.mesures.error ?? (globalThis.mesures.ended && globalThis.mesures.compared);
  while (!(await visit.evaluate(done)) && Date.now() < end) {
    await new Promise((done) => setTimeout(done, 100));
  }
  const notes = await visit.evaluate(() => ({
    ...globalThis.mesures,
    memory: globalThis.octetsDuFil,
    painted: performance.getEntriesByName('first-paint')[0]?.startTime,
  }));
  await session.closePages();
  if (notes.ended === undefined || notes.error) throw new Error(notes.error ?? 'pas de fin');
  const at = (step) => notes.steps.find((one) => one.step === step)?.at ?? notes.ended;
  return {
    whole: notes.ended - notes.begun,
    tables: at('protecting') - notes.begun,
    protector: at('attacking') - at('protecting'),
    gate: (notes.proved ?? notes.ended) - at('attacking'),
    // Written, sent to the page, read again there and shown.
    preview: notes.ended - (notes.proved ?? notes.ended),
    // While the landlord already looks at his preview.
    after: notes.compared === undefined ? undefined : Math.max(0, notes.compared - notes.ended),
    memory: notes.memory,
    // From the first paint to a page that answers; nothing when it was painted
    // only then.
    opening: Math.max(0, notes.usable - (notes.painted ?? notes.usable)),
  };
}

// A blank page of no policy, where other people's code may run.
async function blank(harness) {
  const page = await harness.browser.newPage();
  await page.goto('about:blank');
  await page.evaluate(() => { document.body.innerHTML = '<input type="file">'; });
  return page;
}

async function sheetJs(harness, path) {
  const page = await blank(harness);
  try {
    await page.addScriptTag({ content: readFileSync(SHEETJS, 'utf8') });
    await (await page.$('input')).uploadFile(resolve(path));
    const reading = page.evaluate(async () => {
      const bytes = await document.querySelector('input').files[0].arrayBuffer();
      const begun = performance.now();
      globalThis.XLSX.read(bytes, { type: 'array' });
      return performance.now() - begun;
    });
    const crashed = new Promise((_, refuse) => {
      page.on('error', refuse);
      setTimeout(refuse, PATIENCE_MILLISECONDS, new Error('trop long')).unref();
    });
    return await Promise.race([reading, crashed]);
  } catch {
    return undefined;
  } finally {
    await page.close().catch(() => {});
  }
}

// Where the largest entry of a zip lies: the sheet, or content.xml.
function largestEntry(path) {
  const size = statSync(path).size;
  const file = openSync(path, 'r');
  const read = (at, length) => {
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, at);
    return bytes;
  };
  try {
    const tail = read(Math.max(0, size - 66_000), Math.min(size, 66_000));
    const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
    const entries = tail.readUInt16LE(end + 10);
    const directory = read(tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
    let best = { length: 0 };
    for (let at = 0, n = 0; n < entries; n += 1) {
      const length = directory.readUInt32LE(at + 20);
      if (length > best.length) best = { length, header: directory.readUInt32LE(at + 42) };
      at += 46 + directory.readUInt16LE(at + 28) + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    }
    const local = read(best.header, 30);
    return { start: best.header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28), length: best.length };
  } finally {
    closeSync(file);
  }
}

async function inflation(harness, path) {
  const page = await blank(harness);
  await (await page.$('input')).uploadFile(resolve(path));
  const time = await page.evaluate(async ({ start, length }) => {
    const file = document.querySelector('input').files[0];
    const begun = performance.now();
    const stream = file.slice(start, start + length).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    const reader = stream.getReader();
    while (!(await reader.read()).done);
    return performance.now() - begun;
  }, largestEntry(path));
  await page.close();
  return time;
}

const seconds = (milliseconds) => (milliseconds === undefined ? '—' : `${(milliseconds / 1000).toFixed(2)} s`);
const ratio = (a, b) => (b === undefined ? '—' : (a / b).toFixed(2));

const asked = options(process.argv.slice(2));
const harness = new Harness({ browser: 'chromium', executable: asked.executable, url: undefined, file: asked.file });
const campaign = join(asked.folder, 'exemple-fictif.campagne.json');
await harness.launch();
try {
  let xlsxTables;
  const openings = [];
  for (const format of FORMATS) {
    const path = join(asked.folder, `bailleur-a.${format}`);
    if (!existsSync(path)) continue;
    // A format that is refused takes no other with it; the run has failed all the same.
    const us = await ours(harness, path, campaign).catch((error) => {
      console.error(`  .${format} : ${error.message}`);
      process.exitCode = 1;
    });
    if (!us) continue;
    const zipped = format === 'csv' ? undefined : await inflation(harness, path);
    const tried = Number(asked.rows) <= MOST_ROWS_OF_SHEETJS;
    const them = tried ? await sheetJs(harness, path) : undefined;
    if (format === 'xlsx') xlsxTables = us.tables;
    openings.push(us.opening);
    // A crashed reader may have taken the browser with it.
    if (tried && them === undefined) await harness.relaunch();
    console.log(
      `| ${[
        Number(asked.rows).toLocaleString('fr-FR'),
        `.${format}`,
        ratio(us.whole, them),
        ratio(us.tables, zipped),
        ratio(us.tables, xlsxTables),
        seconds(us.whole),
        seconds(us.tables),
        seconds(us.protector),
        seconds(us.gate),
        seconds(us.preview),
        seconds(us.after),
        seconds(them),
        seconds(zipped),
        `${Math.round(us.memory / 1024 / 1024)} Mio`,
        `${((us.tables * 1000) / Number(asked.rows)).toFixed(1)} µs`,
      ].join(' | ')} |`,
    );
  }
  openings.sort((a, b) => a - b);
  console.error(`  première peinture → page utilisable, du disque : ${seconds(openings[openings.length >> 1])} (médiane de ${openings.length})`);
} finally {
  await harness.close();
}
