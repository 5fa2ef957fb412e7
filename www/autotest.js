// The self-test: tries every way out of the page, towards a host that cannot
// exist, and tells what the browser did. In the page it listens to the button;
// the same text runs in two workers: one locked like the one that reads the
// rows, which tells what is left there, and a bare one, where each way is tried.
//
// A way out is blocked when the browser says so (a securitypolicyviolation
// event) or when there is no such function. A request that merely fails proves
// nothing.
(() => {
  'use strict';

  // A name of its own for each way: what the browser says of one is then said of
  // no other.
  const web = (path) => `https://${path}.envoi.invalid/`;
  const socket = (path) => `wss://${path}.envoi.invalid/`;
  const STUN = 'stun:envoi.invalid';
  const ABSENT = 'Fonction absente de cet endroit du navigateur';
  // How long the browser's word is waited for: it comes at once or never.
  const PATIENCE_MILLISECONDS = 2500;

  // French wants no line to break before its punctuation.
  const spaced = (text) => text.replace(/ (?=[:;?!»%])/g, '\u00a0').replace(/« /g, '«\u00a0');

  const inPage = typeof document !== 'undefined';
  const has = (name) => () => typeof globalThis[name] === 'function';
  const always = () => true;

  const element = (name, attribute) => (address) => {
    const one = document.createElement(name);
    one.hidden = true;
    one.setAttribute(attribute, address);
    document.body.append(one);
    return () => one.remove();
  };

  const link = (rel) => (address) => {
    const one = document.createElement('link');
    one.rel = rel;
    one.href = address;
    document.head.append(one);
    return () => one.remove();
  };

  const WAYS = [
    { name: 'Requête (fetch)', path: 'fetch', there: has('fetch'), act: (to) => void fetch(to, { method: 'POST', body: 'essai' }).catch(() => {}) },
    {
      name: 'Requête (XMLHttpRequest)',
      path: 'xhr',
      there: has('XMLHttpRequest'),
      act: (to) => {
        const request = new XMLHttpRequest();
        request.open('POST', to);
        request.send('essai');
      },
    },
    { name: 'Liaison continue (WebSocket)', path: 'websocket', address: socket, there: has('WebSocket'), act: (to) => void new WebSocket(to) },
    {
      name: 'Flux continu (EventSource)',
      path: 'eventsource',
      there: has('EventSource'),
      act: (to) => {
        const source = new EventSource(to);
        return () => source.close();
      },
    },
    { name: 'Flux rapide (WebTransport)', path: 'webtransport', there: has('WebTransport'), act: transport },
    {
      name: "Balise d'audience (sendBeacon)",
      path: 'beacon',
      there: () => typeof globalThis.navigator?.sendBeacon === 'function',
      act: (to) => void navigator.sendBeacon(to, 'essai'),
    },
    { name: 'Appel vidéo (WebRTC)', path: 'webrtc', there: has('RTCPeerConnection'), act: peer },
    { name: 'Police de caractères', path: 'police', there: has('FontFace'), act: (to) => void new FontFace('essai', `url(${to})`).load().catch(() => {}) },
    // A word of the language, which nobody can take away.
    { name: 'Module (import)', path: 'module', there: always, act: (to) => void import(to).catch(() => {}) },
  ];
  const PAGE_WAYS = [
    { name: 'Image', path: 'image', there: always, act: element('img', 'src') },
    { name: 'Cadre', path: 'cadre', there: always, act: element('iframe', 'src') },
    { name: 'Feuille de style', path: 'style', there: always, act: link('stylesheet') },
    { name: 'Script', path: 'script', there: always, act: element('script', 'src') },
    {
      name: 'Formulaire',
      path: 'formulaire',
      there: always,
      act: (to) => {
        // Were it not stopped, it would load there and the page would stay. A new
        // tab would open in front of the page before it is stopped.
        const frame = document.createElement('iframe');
        frame.hidden = true;
        frame.name = 'essai-formulaire';
        const form = document.createElement('form');
        form.method = 'post';
        form.target = frame.name;
        form.action = to;
        document.body.append(frame, form);
        form.submit();
        return () => {
          form.remove();
          frame.remove();
        };
      },
    },
    { name: "Connexion d'avance (preconnect)", path: 'avance', there: always, act: link('preconnect') },
  ];
  const WORKER_WAYS = [
    { name: 'Script (importScripts)', path: 'import', there: has('importScripts'), act: (to) => importScripts(to) },
    { name: "Autre fil d'exécution (Worker)", path: 'fil', there: has('Worker'), act: (to) => {
      const worker = new Worker(to);
      return () => worker.terminate();
    } },
  ];

  function transport(to) {
    const session = new WebTransport(to);
    session.ready.catch(() => {});
    session.closed.catch(() => {});
    return () => session.close();
  }

  function peer() {
    const connection = new RTCPeerConnection({ iceServers: [{ urls: STUN }] });
    connection.createDataChannel('essai');
    connection
      .createOffer()
      .then((offer) => connection.setLocalDescription(offer))
      .catch(() => {});
    return () => connection.close();
  }

  // Trusted Types speak of the function that writes, not of the address: their word,
  // which may come late, is only believed of the ways that write the address of a script.
  const WRITTEN = ['script', 'import', 'fil'];

  // Whether the browser's word is about this attempt.
  const concerns = (event, path) => {
    const blocked = event.blockedURI;
    return blocked === 'trusted-types-sink' ? WRITTEN.includes(path) : blocked.includes(`${path}.envoi.invalid`);
  };

  const attempt = async ({ name, path, address = web, there, act }) => {
    if (!there()) return { name, blocked: true, how: ABSENT };
    let clean = () => {};
    const directive = await new Promise((done) => {
      const listen = (event) => {
        if (concerns(event, path)) end(event.effectiveDirective);
      };
      const timer = setTimeout(() => end(null), PATIENCE_MILLISECONDS);
      const end = (found) => {
        clearTimeout(timer);
        removeEventListener('securitypolicyviolation', listen);
        done(found);
      };
      addEventListener('securitypolicyviolation', listen);
      try {
        clean = act(address(path)) ?? clean;
      } catch {
        // Refused at once; only the browser's own word counts.
      }
    });
    try {
      clean();
    } catch {
      // It never opened.
    }
    return directive === null ? { name, blocked: false } : { name, blocked: true, how: `Voie refusée par la règle ${directive}` };
  };

  // One after the other: a word of the browser then has one possible cause.
  const tryAll = async (ways) => {
    const results = [];
    for (const way of ways) results.push(await attempt(way));
    return results;
  };

  if (!inPage) {
    const ways = [...WAYS, ...WORKER_WAYS];
    // What is left here, or what the browser says of each way.
    self.onmessage = async ({ data }) => self.postMessage(data === 'restes' ? ways.map(({ there }) => there()) : await tryAll(ways));
    return;
  }

  const PLACES = { page: 'la page', worker: 'le fil qui lit les lignes' };
  const WHY = {
    page: "Le navigateur ne l'interdit pas, ou ne le dit pas. Elle ne peut pas porter une ligne de votre fichier : la page n'en reçoit aucune, elles restent dans le fil.",
    worker: "Ce navigateur ne dit pas s'il la bloque, et elle ne peut être retirée du fil. Les scripts de ce fil ne l'emploient pas (contrôlé sur ce fichier), et un collecteur placé au bout de cette voie n'a rien entendu (essais de cette version).",
  };
  const NAVIGATION = {
    name: "Lien ou changement d'adresse",
    place: 'page',
    tried: false,
    text: "Non essayée : elle quitterait cette page. Un navigateur ne l'interdit que si l'hébergeur envoie l'en-tête Connection-Allowlist, et s'il le connaît. Elle ne peut pas porter une ligne : la page n'en reçoit aucune, et le fil qui les lit n'a pas d'adresse à changer.",
  };

  const node = (name, text, attributes = {}) => {
    const one = document.createElement(name);
    if (text !== undefined) one.textContent = spaced(text);
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
    return one;
  };

  const answer = (worker, request) =>
    new Promise((done, fail) => {
      worker.onmessage = ({ data }) => {
        worker.terminate();
        done(data);
      };
      worker.onerror = fail;
      worker.postMessage(request);
    });

  // What the lock took away cannot be tried there: the browser's word on it comes
  // from the bare worker, and is told beside.
  const inWorker = async () => {
    const left = await answer(opsMixite.newTestWorker(), 'restes');
    const tried = await answer(opsMixite.newBareWorker(), 'essai');
    return tried.map((one, at) => {
      if (left[at] || one.how === ABSENT) return one;
      const browser = one.blocked ? `Dans un fil où elle reste : ${one.how.toLowerCase()}` : "Dans un fil où elle reste, ce navigateur ne dit pas s'il la bloque";
      return { ...one, blocked: true, how: `Fonction retirée de ce fil avant toute lecture. ${browser}` };
    });
  };

  const line = ({ name, place, blocked, how, tried = true, text }) => {
    const row = node('tr');
    const verdict = !tried ? 'non essayée' : blocked ? 'bloquée' : 'blocage non confirmé';
    row.append(
      node('th', name, { scope: 'row' }),
      node('td', PLACES[place]),
      node('td', verdict, { class: blocked ? 'verdict accepte' : 'verdict' }),
      node('td', text ?? (blocked ? `${how}.` : WHY[place])),
    );
    return row;
  };

  const table = (lines) => {
    const whole = node('table');
    const head = node('tr');
    for (const title of ['Voie', 'Essayée depuis', 'Résultat', 'Preuve ou raison']) {
      head.append(node('th', title, { scope: 'col' }));
    }
    const top = node('thead');
    top.append(head);
    const body = node('tbody');
    body.append(...lines.map(line));
    whole.append(node('caption', 'Voies de sortie essayées vers envoi.invalid, une adresse qui ne peut pas exister'), top, body);
    const frame = node('div', undefined, { class: 'defile', role: 'region', tabindex: '0', 'aria-label': 'Voies de sortie essayées' });
    frame.append(whole);
    return frame;
  };

  // What it all means, before how it is known: first of the rows, then of the page,
  // which has none.
  const conclusion = (lines) => {
    const tried = (place) => lines.filter((one) => one.place === place && one.tried !== false);
    const open = (place) => tried(place).filter((one) => !one.blocked).map((one) => one.name);
    const [worker, page] = [open('worker'), open('page')];
    const all = tried('worker').length;
    const rows = worker.length === 0
      ? `Vos lignes ne peuvent pas sortir : les ${all} voies du fil qui lit le fichier sont bloquées.`
      : `Dans le fil qui lit le fichier, ${all - worker.length} voies sur ${all} sont bloquées ; le navigateur ne dit rien de : ${worker.join(', ')}.`;
    const rest = page.length === 0
      ? `La page, qui n'en reçoit aucune, bloque aussi les ${tried('page').length} voies essayées depuis elle.`
      : `La page, elle, n'en reçoit aucune. Elle bloque aussi ${tried('page').length - page.length} voies sur ${tried('page').length}. Le navigateur ne dit rien des autres, qui n'auraient aucune ligne à porter : ${page.join(', ')}.`;
    return { sure: worker.length === 0, text: `Essai terminé. ${rows} ${rest}` };
  };

  const folded = (lines) => {
    const details = node('details');
    // The count is that of the conclusion above: what was tried.
    const tried = lines.filter((one) => one.tried !== false).length;
    const apart = lines.length === tried ? '' : ', et une qui ne peut pas l\'être';
    details.append(node('summary', `Le détail des ${tried} voies essayées${apart}`), table(lines));
    return details;
  };

  const button = document.getElementById('verifier-envoi');
  const state = document.getElementById('verifier-envoi-etat');
  const place = document.getElementById('verifier-envoi-resultat');
  button?.addEventListener('click', async () => {
    button.disabled = true;
    place.replaceChildren();
    state.textContent = spaced("Essai en cours : chaque voie est essayée, l'une après l'autre…");
    try {
      const fromWorker = await inWorker();
      const fromPage = await tryAll([...WAYS, ...PAGE_WAYS]);
      const lines = [
        ...fromWorker.map((one) => ({ ...one, place: 'worker' })),
        ...fromPage.map((one) => ({ ...one, place: 'page' })),
        NAVIGATION,
      ];
      const { sure, text } = conclusion(lines);
      state.textContent = spaced(text);
      // Green is for what is certain.
      state.classList.toggle('reserve', !sure);
      place.append(folded(lines));
    } catch {
      state.textContent = spaced("L'essai n'a pas pu aller à son terme : rien n'est prouvé. Rechargez la page et recommencez.");
    }
    button.disabled = false;
    button.focus();
  });
})();
