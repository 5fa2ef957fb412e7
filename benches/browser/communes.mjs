// Measures the collectivité's screen on a large base, in headless Chromium: what
// opening it and choosing in it cost, as time, long tasks (over 50 ms) of the page,
// elements in the document and memory of WebAssembly.
//
//   node communes.mjs --file dist/index.html --base BASE [--executable PATH]
//
// `cargo xtask bench communes` calls it.

import { Harness } from '../../tests/browser/harness.mjs';
import { hearMemory } from '../../tests/browser/plants.mjs';
import { options } from './options.mjs';

// Run in the page before its own scripts: notes long tasks and its memory.
function plant() {
  const notes = { long: [] };
  globalThis.mesures = notes;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) notes.long.push([startTime, duration]);
  }).observe({ entryTypes: ['longtask'] });
  const Instance = WebAssembly.Instance;
  WebAssembly.Instance = function (...given) {
    const made = new Instance(...given);
    notes.page = () => made.exports.memory.buffer.byteLength;
    return made;
  };
}

const mebibytes = (bytes) => `${Math.ceil(bytes / 2 ** 20)} Mio`;
const milliseconds = (time) => `${Math.round(time)} ms`;

const { file, base, executable } = options(process.argv.slice(2));
const harness = new Harness({ browser: 'chromium', executable, url: undefined, file });
await harness.launch();
try {
  const session = harness.session('file', 'mesures');
  const visit = await session.openPage({ hash: '#collectivite', plant: [...hearMemory(), [plant]] });
  // What is done, and when its effect is there.
  const measured = async (name, act, there) => {
    const from = await visit.evaluate(() => performance.now());
    await act();
    while (!(await visit.evaluate(there))) await new Promise((done) => setTimeout(done, 20));
    // The tasks that the effect leaves behind: drawing, layout.
    await visit.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200))));
    const tasks = await visit.evaluate((from) => globalThis.mesures.long.filter(([start]) => start >= from), from);
    const last = tasks.at(-1);
    const longest = Math.max(0, ...tasks.map(([, duration]) => duration));
    const end = last ? last[0] + last[1] - from : 0;
    console.log(`| ${name} | ${tasks.length} | ${milliseconds(longest)} | ${milliseconds(end)} |`);
  };
  console.log('\n| geste | tâches longues | la plus longue | fin de la dernière, depuis le geste |\n| --- | --- | --- | --- |');
  await measured(
    'ouvrir la base',
    () => visit.chooseFile('Base agrégée', base),
    () => document.querySelectorAll('#chiffres tbody tr').length > 0,
  );
  const choose = (id, rank) => () =>
    visit.evaluate(
      (id, rank) => {
        const select = document.getElementById(id);
        select.selectedIndex = rank;
        select.dispatchEvent(new Event('change'));
      },
      id,
      rank,
    );
  const always = () => true;
  await measured('autre indicateur', choose('choix-indicateur', 1), always);
  await measured('autre maille', choose('choix-maille', 1), always);
  await measured('première maille', choose('choix-maille', 0), always);
  await measured('autre représentation', choose('choix-vue', 1), always);
  await measured('trier par nom', () => visit.evaluate(() => document.getElementById('tri-0').click()), always);
  await measured('page suivante', () => visit.evaluate(() => document.querySelector('#chiffres [data-table]').click()), always);
  await measured('autre fiche', choose('choix-fiche', 100), always);
  const seen = await visit.evaluate(() => ({
    all: document.querySelectorAll('*').length,
    rows: document.querySelectorAll('#chiffres tbody tr').length,
    heat: document.querySelectorAll('#chaleur tbody tr').length,
    choices: document.querySelectorAll('#choix-fiche option').length,
    page: globalThis.mesures.page?.() ?? 0,
    worker: globalThis.octetsDuFil,
  }));
  console.log(
    `\n${seen.all} éléments dans le document, dont ${seen.rows} lignes de chiffres, ${seen.heat} du tableau de chaleur, ${seen.choices} choix de fiche ; mémoire wasm : page ${mebibytes(seen.page)}, fil ${mebibytes(seen.worker)}`,
  );
} finally {
  await harness.close();
}
