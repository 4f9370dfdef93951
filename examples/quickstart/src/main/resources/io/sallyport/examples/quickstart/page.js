'use strict';

/* Every text that comes from a token or an answer is put in by textContent: nothing here is markup. */

const STAGES = ['Request', 'Signature', 'Claims', 'Scopes', 'Handler'];
const HONEST = 'The issuer signs what you asked for.';

const form = document.getElementById('wish');
const attacks = new Map();
let minted = null;

const at = (id) => document.getElementById(id);
const show = (id, text) => { at(id).textContent = text; };

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/* The server */

async function ask(path, json) {
  const request = json === undefined ? {} : {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(json),
  };
  const response = await fetch(path, request);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

function wish() {
  const fields = new FormData(form);
  return {
    subject: fields.get('subject'),
    scope: fields.getAll('scope').join(' '),
    audience: fields.get('audience'),
    lifetime: Number(fields.get('lifetime')),
    algorithm: fields.get('algorithm'),
    attack: fields.get('attack'),
  };
}

/** Sends a token; where it was refused, looks up what the operator knows by the correlation. */
async function send(method, token, attack) {
  const exchange = await ask('/dev/send', { method, token, attack });
  const body = parsed(exchange.body);
  const log = body && body.correlation
    ? await ask('/dev/log?correlation=' + encodeURIComponent(body.correlation))
    : null;
  return { ...exchange, json: body, log };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/* The token */

async function mint() {
  const wanted = wish();
  const { token } = await ask('/dev/mint', wanted);
  minted = { token, wanted: JSON.stringify(wanted), attack: wanted.attack, scope: wanted.scope };
  showToken(token);
}

function showToken(token) {
  const [header, payload, signature] = token.split('.');
  const claims = decoded(payload);
  at('token').replaceChildren(
    element('span', header, 'in-header'), '.',
    element('span', payload, 'in-payload'), '.',
    element('span', signature, 'in-signature'));
  show('header', indented(decoded(header)));
  show('payload', indented(claims));
  show('lasts', `${token.length.toLocaleString('en')} characters, ${expiry(parsed(claims))}.`);
}

function expiry(claims) {
  if (!claims || typeof claims.exp !== 'number') return 'without an expiry';
  const expires = new Date(claims.exp * 1000);
  const when = `${clock(expires)} on ${expires.toLocaleDateString('en-CA')}`;
  return expires > new Date() ? `good until ${when}` : `expired at ${when}`;
}

function clock(date) {
  return date.toLocaleTimeString('en-GB');
}

function decoded(segment) {
  const bytes = Uint8Array.from(
    atob(segment.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

/** Breaks the lines of a JSON text and changes nothing else: a member given twice stays so. */
function indented(json) {
  let out = '';
  let depth = 0;
  let inText = false;
  for (let i = 0; i < json.length; i++) {
    const c = json[i];
    if (inText) {
      out += c;
      if (c === '\\') out += json[++i];
      if (c === '"') inText = false;
    } else if (c === '{' || c === '[') {
      const empty = json[i + 1] === '}' || json[i + 1] === ']';
      out += empty ? c + json[++i] : c + newLine(++depth);
    } else if (c === '}' || c === ']') {
      out += newLine(--depth) + c;
    } else if (c === ',') {
      out += c + newLine(depth);
    } else {
      out += c === ':' ? ': ' : c;
      inText = c === '"';
    }
  }
  return out.trimEnd();
}

function newLine(depth) {
  return '\n' + '  '.repeat(depth);
}

/* The decision */

async function decide(method) {
  if (!minted || minted.wanted !== JSON.stringify(wish())) await mint();
  const outcome = await send(method, minted.token, minted.attack);
  showVerdict(outcome);
  showAnswer(outcome);
  showHandler(outcome);
  show('request', outcome.request.trimEnd());
  show('response', outcome.response.trimEnd());
  bringIntoView(at('verdict'));
}

function showVerdict({ status, log }) {
  at('verdict').className = 'verdict ' + (log ? 'refused' : 'admitted');
  show('status', status);
  show('finding', log ? `Refused: ${log.title}` : 'Admitted: the handler has answered');
  show('code', log ? log.code : '');
  const reached = log ? stageOf(log.code) : STAGES.length;
  [...at('passage').children].forEach((stage, i) => {
    const state = i < reached ? 'passed' : i === reached ? 'stopped' : '';
    stage.className = state;
    stage.setAttribute('aria-label', `${STAGES[i]}: ${state || 'not reached'}`);
  });
}

/** The hundreds of a code are the stage; without the issuer's keys (SP-5xx) it ends at the signature. */
function stageOf(code) {
  const hundreds = Number(code[3]);
  return hundreds < STAGES.length ? hundreds - 1 : 1;
}

function showAnswer({ challenge, body, log }) {
  show('challenge', challenge || 'none');
  show('body', indented(body));
  show('line', log ? log.line : 'nothing: it tells of refusals alone');
  show('detail', log ? log.detail : 'Nothing.');
  show('remedy', log ? log.remedy : 'Nothing is needed.');
}

function showHandler({ json, log }) {
  if (log) {
    show('saw', 'Nothing: it was not called.');
    at('unseen').replaceChildren(element('li', 'The request'));
    return;
  }
  const handler = json.handler;
  show('saw', [
    `subject        ${handler.subject}`,
    `scopes         ${handler.scopes.join(' ')}`,
    `expires at     ${handler.expiresAt}`,
    `may write      ${handler.mayWrite ? 'yes' : 'no'}`,
    `header fields  ${handler.headerNames.join(', ')}`,
    '',
    `claims ${JSON.stringify(handler.claims, null, 2)}`,
  ].join('\n'));
  const dropped = minted.scope.split(' ').filter((scope) => scope && !handler.scopes.includes(scope));
  at('unseen').replaceChildren(
    element('li', hasCredentials(handler)
      ? 'Nothing was hidden: the Authorization header is there'
      : 'The Authorization header: absent by name, and from the list of names'),
    element('li', 'The token’s text, which it so cannot pass on'),
    ...dropped.map((scope) => element('li', `The scope ${scope}, which is not on the allowlist`)));
}

function hasCredentials({ authorization, headerNames }) {
  return authorization !== null || headerNames.some((name) => name.toLowerCase() === 'authorization');
}

function bringIntoView(target) {
  const { top, bottom } = target.getBoundingClientRect();
  if (top < 0 || bottom > window.innerHeight) target.scrollIntoView({ block: 'start' });
}

/* Every attack */

async function runAll() {
  let right = 0;
  for (const [id, attack] of attacks) {
    const { token } = await ask('/dev/mint', { ...wish(), scope: 'orders:read', attack: id });
    const { status, log } = await send('GET', token, id);
    const asExpected = status === attack.status && log !== null && log.code === attack.code;
    const answer = log ? `${status} ${log.code} ${log.title}` : String(status);
    attack.cell.textContent = (asExpected ? '✓ ' : '✕ ') + answer;
    attack.cell.className = asExpected ? 'right' : 'wrong';
    if (asExpected) right++;
  }
  show('tally', `${right} of ${attacks.size} refused, each for its own reason.`);
}

/* The page itself */

/** Runs one thing at a time, and says so where it fails. */
function whenClicked(button, act) {
  button.addEventListener('click', async (event) => {
    event.preventDefault();
    if (document.body.getAttribute('aria-busy') === 'true' || !form.reportValidity()) return;
    document.body.setAttribute('aria-busy', 'true');
    button.setAttribute('aria-disabled', 'true');
    show('trouble', '');
    show('minted', '');
    try {
      await act();
    } catch (error) {
      show('trouble', `That did not work: ${error.message}`);
    } finally {
      document.body.removeAttribute('aria-busy');
      button.removeAttribute('aria-disabled');
    }
  });
}

function addAttack(attack) {
  const group = STAGES[stageOf(attack.code)];
  let options = [...at('attack').querySelectorAll('optgroup')].find(({ label }) => label === group);
  if (!options) {
    options = document.createElement('optgroup');
    options.label = group;
    at('attack').append(options);
  }
  const option = element('option', attack.title);
  option.value = attack.id;
  options.append(option);

  const row = document.createElement('tr');
  const title = element('th', attack.title);
  title.scope = 'row';
  title.append(element('small', attack.story));
  const cell = element('td', '–');
  row.append(title, element('td', `${attack.status} ${attack.code}`), cell);
  at('attacks').append(row);
  attacks.set(attack.id, { ...attack, cell });
}

async function setUp() {
  const setup = await ask('/dev/setup');
  at('audience').value = setup.audience;
  at('algorithm').append(...setup.algorithms.map((name) => element('option', name)));
  setup.attacks.forEach(addAttack);
  at('attack').addEventListener('change', (event) => {
    const attack = attacks.get(event.target.value);
    show('story', attack ? attack.story : HONEST);
  });
  whenClicked(at('mint'), async () => {
    await mint();
    show('minted', `Minted at ${clock(new Date())}: see the token, decoded.`);
    bringIntoView(at('token').parentElement);
  });
  whenClicked(at('send-get'), () => decide('GET'));
  whenClicked(at('send-post'), () => decide('POST'));
  whenClicked(at('run'), runAll);
  await mint();
  document.body.dataset.ready = 'true';
}

setUp().catch((error) => show('trouble', `The page cannot start: ${error.message}`));
