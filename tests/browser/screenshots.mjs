// The pictures of the guides, taken from the sealed page itself with the
// fictitious data, so that they never show another page than the one there is.
//
//   node screenshots.mjs --file dist/index.html --folder docs/guides/images [--executable PATH]
//
// `cargo xtask screenshots` calls it.

import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { Harness } from './harness.mjs';

const WIDTH = 1100;
const HEIGHT = 800;

// The tab, the button that loads the fictitious data, what tells that it is
// done, and the pictures: a name and the element it shows.
const TABS = [
  {
    hash: '#bailleur',
    example: '#exemple-bailleur',
    done: () => !document.getElementById('verifie').disabled,
    pictures: [
      ['bailleur-depart', '#panneau-bailleur', 'before'],
      ['bailleur-sortie', '#section-sortie'],
    ],
  },
  {
    hash: '#bureau-etudes',
    example: '#exemple-bureau-etudes',
    done: () => document.querySelector('#controle tbody tr') !== null,
    pictures: [
      ['bureau-etudes-preparation', '#section-preparation', 'before'],
      ['bureau-etudes-resultats', '#resultats-bureau-etudes'],
    ],
  },
  {
    hash: '#collectivite',
    example: '#exemple-collectivite',
    done: () => document.querySelector('#chiffres tbody tr') !== null,
    pictures: [
      ['collectivite-cles', '#section-cles'],
      ['collectivite-graphique', '#avec-graphique'],
      ['collectivite-fiche', '#section-fiche'],
    ],
  },
];

const asked = {};
for (let at = 2; at < process.argv.length; at += 2) asked[process.argv[at].replace(/^--/, '')] = process.argv[at + 1];

// A picture longer than a screen and a half is cut: a guide is not a scroll.
async function take(visit, name, selector) {
  const element = await visit.page.$(selector);
  await element.evaluate((node) => node.scrollIntoView({ block: 'start' }));
  const box = await element.boundingBox();
  const scrolled = await visit.evaluate(() => scrollY);
  const clip = {
    x: Math.max(0, box.x - 12),
    y: box.y + scrolled - 12,
    width: box.width + 24,
    height: Math.min(box.height + 24, HEIGHT * 1.5),
  };
  await visit.page.screenshot({ path: join(asked.folder, `${name}.png`), clip, captureBeyondViewport: true });
  console.log(join(asked.folder, `${name}.png`));
}

asked.folder = resolve(asked.folder);
await mkdir(asked.folder, { recursive: true });
const harness = new Harness({ browser: 'chromium', executable: asked.executable, file: asked.file });
// In French where the browser has it (the package chromium-l10n, on Debian).
await harness.launch(['--lang=fr']);
try {
  for (const { hash, example, done, pictures } of TABS) {
    const visit = await harness.session('file', 'images').openPage({ hash });
    await visit.resize(WIDTH, HEIGHT);
    for (const [name, selector, when] of pictures) if (when === 'before') await take(visit, name, selector);
    await visit.page.click(example);
    await visit.until('les données fictives', done);
    for (const [name, selector, when] of pictures) if (when !== 'before') await take(visit, name, selector);
    await visit.page.close();
  }
} finally {
  await harness.close();
}
