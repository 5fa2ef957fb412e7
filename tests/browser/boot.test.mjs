// The page starts, says so when it cannot, and asks for nothing once loaded.

import { TRAP } from './plants.mjs';

const alertText = () => {
  const alert = document.querySelector('#demarrage[role=alert]');
  return alert !== null && !alert.hidden ? alert.innerText : '';
};

export default [
  {
    name: 'the page starts',
    run: async (t) => {
      const visit = await t.openPage();
      const facts = await visit.evaluate(() => ({
        lang: document.documentElement.lang,
        encoding: document.characterSet,
        title: document.title,
        version: globalThis.opsMixite.version,
        wasm: globalThis.opsMixite.wasmSha256,
        frozen: Object.isFrozen(globalThis.opsMixite),
        blocks: document.querySelectorAll('#wasm, #unpack').length,
      }));
      t.assert.equal(facts.lang, 'fr');
      t.assert.equal(facts.encoding, 'UTF-8');
      t.assert.notEqual(facts.title, '');
      t.assert.match(facts.version, /^\d+\.\d+\.\d+$/);
      t.assert.match(facts.wasm, /^[0-9a-f]{64}$/);
      t.assert.equal(facts.frozen, true);
      t.assert.equal(facts.blocks, 0, 'the packed wasm is let go once unpacked');
      t.assert.equal(await visit.evaluate(alertText), '');
      await visit.screenshot('demarrage');
    },
  },
  {
    name: 'the page as it opens meets WCAG A and AA',
    run: async (t) => {
      const visit = await t.openPage();
      t.assert.deepEqual(await visit.accessibility(), []);
    },
  },
  {
    name: 'a browser without what the program asks is told so',
    run: async (t) => {
      // One that has no wasm, and one whose wasm is of before.
      const none = () => delete globalThis.WebAssembly;
      const older = () => {
        WebAssembly.validate = () => false;
      };
      for (const plant of [none, older]) {
        const visit = await t.openPage({ plant: [plant], ready: false });
        await visit.until('la phrase', () => document.getElementById('demarrage').innerText.includes('trop ancien'));
        t.assert.match(await visit.evaluate(alertText), /^Votre navigateur est trop ancien pour cette page/);
        await visit.screenshot('trop ancien');
      }
    },
  },
  {
    name: 'a browser that does not know how to read the program is told so',
    run: async (t) => {
      // An older browser finds instructions that it does not know.
      const older = () => {
        const plain = WebAssembly.compile;
        WebAssembly.compile = (bytes) => {
          new Uint8Array(bytes)[8] = 0x7f;
          return plain(bytes);
        };
      };
      const visit = await t.openPage({ plant: [older], ready: false, ignore: [/./] });
      await visit.until('la phrase', () => document.getElementById('demarrage').innerText.includes('trop ancien'));
    },
  },
  {
    name: 'a damaged page says that it cannot start',
    run: async (t) => {
      const damage = () => {
        const plain = globalThis.atob;
        globalThis.atob = (text) => plain(text.slice(0, text.length >> 3 << 2));
      };
      // One byte of the program, in its middle.
      const touched = () => {
        const plain = globalThis.atob;
        globalThis.atob = (text) => {
          const bytes = plain(text);
          if (bytes.length < 500_000) return bytes;
          const at = bytes.length >> 1;
          return bytes.slice(0, at) + String.fromCharCode(bytes.charCodeAt(at) ^ 1) + bytes.slice(at + 1);
        };
      };
      for (const plant of [damage, touched]) {
        const visit = await t.openPage({ plant: [plant], ready: false, ignore: [/./] });
        await visit.until('la phrase', () => document.getElementById('demarrage').innerText.includes('pas pu démarrer'));
        t.assert.match(await visit.evaluate(alertText), /redemandez le fichier/);
      }
    },
  },
  {
    name: 'a trap of the page itself is said',
    run: async (t) => {
      const visit = await t.openPage({ ignore: [/unreachable/] });
      // A timer, so that it ends as a trap under an event of the page does.
      await visit.page.evaluate(`setTimeout(() => { ${TRAP} })`);
      const sentence = await visit.until('la phrase', alertText);
      t.assert.match(sentence, /^La page a rencontré une erreur interne.*Rien n'a été envoyé/);
    },
  },
];
