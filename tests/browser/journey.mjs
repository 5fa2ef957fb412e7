// The journey of the three roles, with the fictitious data.

import { takePartial } from './landlord.test.mjs';

const EXAMPLE = 'Essayer avec des données fictives';

export async function throughEveryScreen(visit) {
  await visit.click('button', EXAMPLE);
  await takePartial(visit);
  await visit.download(() => visit.click('button', 'Enregistrer le bordereau'));
  await visit.click('tab', "Bureau d'études");
  await visit.click('button', EXAMPLE);
  await visit.until('la fusion', () => !document.getElementById('section-fusion').hidden && document.getElementById('fusion').innerText !== '');
  await visit.download(() => visit.click('button', 'Exporter en OpenDocument'));
  await visit.click('tab', 'Collectivité');
  await visit.click('button', EXAMPLE);
  await visit.until('les chiffres', () => document.getElementById('chiffres').innerText !== '');
  await visit.download(() => visit.click('button', 'Image SVG'));
}
