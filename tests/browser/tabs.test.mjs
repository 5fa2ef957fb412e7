// The three tabs: by mouse, by keyboard, by address.

const selected = () => ({
  tab: document.querySelector('[role=tab][aria-selected=true]').innerText,
  hash: location.hash,
  panels: [...document.querySelectorAll('[role=tabpanel]')].filter((one) => !one.hidden).map((one) => one.id),
  reachable: [...document.querySelectorAll('[role=tab]')].filter((one) => one.tabIndex === 0).length,
  focus: document.activeElement.id,
});

export default [
  {
    name: 'arrows move between the tabs and each has an address',
    run: async (t) => {
      const visit = await t.openPage();
      const steps = [
        ['ArrowRight', "Bureau d'études", 'bureau-etudes'],
        ['ArrowRight', 'Collectivité', 'collectivite'],
        ['ArrowRight', 'Bailleur', 'bailleur'],
        ['ArrowLeft', 'Collectivité', 'collectivite'],
        ['Home', 'Bailleur', 'bailleur'],
        ['End', 'Collectivité', 'collectivite'],
      ];
      await (await visit.byRole('tab', 'Bailleur')).focus();
      for (const [key, tab, name] of steps) {
        await visit.page.keyboard.press(key);
        t.assert.deepEqual(await visit.evaluate(selected), {
          tab,
          hash: `#${name}`,
          panels: [`panneau-${name}`],
          reachable: 1,
          focus: `onglet-${name}`,
        });
      }
    },
  },
  {
    name: 'an address opens its tab, and back comes back',
    run: async (t) => {
      const visit = await t.openPage({ hash: '#collectivite' });
      t.assert.equal((await visit.evaluate(selected)).tab, 'Collectivité');
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.click('tab', "Bureau d'études");
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.evaluate(() => history.back());
      await visit.until('le retour', () => location.hash === '#collectivite');
      await visit.until('son onglet', () => !document.getElementById('panneau-collectivite').hidden);
      // An address that names no tab changes nothing.
      await visit.evaluate(() => (location.hash = '#contenu'));
      t.assert.equal((await visit.evaluate(selected)).tab, 'Collectivité');
    },
  },
];
