// The page: signing in, which part is shown, and keeping it true while the agent tells of changes.
import {h, plain, show, announce} from './dom.js';
import {words} from './words.js';
import * as api from './api.js';
import {ago, button, heading, problem} from './parts.js';
import * as overview from './overview.js';
import * as findings from './findings.js';
import * as folder from './folder.js';
import * as volume from './volume.js';
import * as unmanaged from './unmanaged.js';
import * as days from './days.js';

const pages = {
    '': overview.open, findings: findings.open, folders: folder.openList, folder: folder.open, volume: volume.open, unmanaged: unmanaged.open, reports: days.openReports, logs: days.openLogs,
};
const menu = [['', words.menu.overview], ['findings', words.menu.findings], ['folders', words.menu.folders], ['unmanaged', words.menu.unmanaged], ['reports', words.menu.reports, 'GET v1/reports'], ['logs', words.menu.logs, 'GET v1/logs']];
const settle = 300;         // milliseconds between an event and the reading it causes; more events make no more readings
const agesEvery = 10_000;
const readEvery = 60_000;   // what comes with time alone

const place = document.getElementById('content');
const bar = document.getElementById('bar');
const toast = document.getElementById('toast');
const notice = document.getElementById('old');
let about = {product: document.title, calls: []};
let current = null;
let feed = null;
let inside = false;  // signed in: the token was taken once

// A token as the agent makes them; anything else need not be sent.
const tokenForm = /^imc_[0-9A-Za-z]{38}$/;

function say(text) {
    show(toast, text);
    toast.hidden = false;
    clearTimeout(say.timer);
    say.timer = setTimeout(() => { toast.hidden = true; }, 6000);
    announce(text);
}

function signIn(why = '') {
    feed?.abort();
    inside = false;
    current = null;
    tellOld(null);
    api.setToken('');
    bar.hidden = true;
    document.title = words.title(words.signIn.title, about.product);
    const input = h('input', {type: 'password', id: 'token', autocomplete: 'current-password', required: true, spellcheck: 'false', autocapitalize: 'off', 'aria-describedby': 'why token-hint'});
    const status = h('p.error', {id: 'why', role: 'alert'}, why);
    const go = h('button.primary', {type: 'submit'}, words.signIn.button);
    const submit = async (event) => {
        event.preventDefault();
        const token = input.value.trim();
        if (!tokenForm.test(token)) return show(status, words.signIn.malformed);
        go.disabled = true;
        show(go, words.signIn.busy);
        show(status);
        try {
            api.setToken(token);
            const agent = await api.get('/v1/agent');
            api.setMayOperate(agent.caller?.scope === 'operate');
            input.value = '';
            start();
        } catch (error) {
            api.setToken('');
            show(status, error.status === 401 ? words.signIn.wrong : error instanceof api.Refused ? error.message : words.noConnection);
            input.focus();
            input.select();
        }
        go.disabled = false;
        show(go, words.signIn.button);
        return undefined;
    };
    show(place, h('div.sign-in', {}, h('img', {src: '/page/icon.svg', alt: '', width: 40, height: 40}), heading(about.product),
        h('form', {onsubmit: submit}, h('label', {for: 'token'}, words.signIn.token), input, status, go),
        h('div.quiet', {id: 'token-hint'}, h('p', {}, words.signIn.hint, h('code', {}, words.signIn.command)), h('p', {}, words.signIn.memory))));
    input.focus();
}

function drawBar() {
    const [name] = route();
    const mine = {volume: '', folder: 'folders'}[name] ?? name;
    const items = menu.filter(([, , call]) => !call || about.calls.includes(call)).map(([target, text]) => h('li', {}, h('a', {href: `#/${target}`, 'aria-current': target === mine ? 'page' : undefined, 'data-key': `menu ${target}`}, text)));
    show(bar, h('div.bar-inner', {}, h('a.brand', {href: '#/'}, h('img', {src: '/page/icon.svg', alt: '', width: 22, height: 22}), h('span', {}, about.product)),
        h('nav', {'aria-label': words.menu.label}, h('ul', {}, items)),
        h('div.bar-end', {}, liveSign, h('button', {type: 'button', 'data-key': 'rescan', hidden: !api.mayOperate(), onclick: () => current?.page.run(rescan)}, words.rescan.button), button(words.signIn.out, () => signIn(), {'data-key': 'out', class: 'plain-button'}))));
    bar.hidden = false;
    bar.querySelector('[aria-current]')?.scrollIntoView({block: 'nearest', inline: 'nearest'});
}

const liveSign = h('span.live', {}, '');
function showLive(on) {
    liveSign.className = on ? 'live on' : 'live';
    liveSign.title = on ? words.live.hintOn : words.live.hintOff;
    show(liveSign, on ? words.live.on : words.live.off);
}

async function rescan() {
    await api.send('POST', '/v1/rescan', {});
    say(words.rescan.done);
}

// "#/volume/vol_1/b001": the page's name, then its words. Texts that are no proper escapes are nobody's.
function route() {
    try {
        return location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
    } catch {
        return [''];
    }
}

function turn() {
    if (!api.hasToken()) return;
    const [name, ...rest] = route(), opener = pages[name] ?? overview.open;
    const page = {
        place, words: rest, calls: new Set(about.calls), say,
        alive: () => current?.page === page && api.hasToken(),
        facts: () => drawBar(),
        entitle: (text) => { document.title = plain(words.title(text, about.product)); },
        // Does what a person asked for, and says so where it fails.
        run: (what, then) => what().catch((error) => { if (page.alive()) { say(error.message); then?.(); } }),
    };
    const view = opener(page);
    const before = current;
    current = {page, view};
    page.entitle(view.title);
    drawBar();
    show(place, h('p.empty', {}, words.loading));
    window.scrollTo(0, 0);
    refresh().then(() => { if (before && current?.page === page) place.querySelector('h1')?.focus({preventScroll: true}); });
}

async function refresh() {
    const mine = current;
    if (!mine) return;
    if (mine.reading) {
        mine.again = true;
        return;
    }
    mine.reading = true;
    try {
        await mine.view.refresh();
        mine.shown = true;
        if (current === mine) tellOld(null);
    } catch (error) {
        if (current === mine && api.hasToken()) failed(mine, error);
    }
    mine.reading = false;
    if (mine.again && current === mine) {
        mine.again = false;
        await refresh();
    }
}

// What is shown stays shown, and is said to be old; a page that has nothing yet, or of something that is gone, says why.
function failed(mine, error) {
    const gone = error.status === 404;
    const why = gone && mine.view.gone ? new Error(mine.view.gone) : error instanceof api.Refused ? error : new Error(words.noConnection);
    if (mine.shown && !gone) return tellOld(why);
    mine.shown = false;
    tellOld(null);
    return show(place, problem(why, () => refresh()));
}

function tellOld(why) {
    notice.hidden = !why;
    show(notice, why ? words.live.old(why.message) : null);
}

let soon = 0;
const refreshSoon = () => {
    clearTimeout(soon);
    soon = setTimeout(refresh, settle);
};

function start() {
    inside = true;
    feed?.abort();
    feed = new AbortController();
    showLive(false);
    let was = true;
    api.follow(feed.signal, refreshSoon, (on) => {
        showLive(on);
        if (on && !was) refreshSoon();
        was = on;
    });
    turn();
}

setInterval(() => {
    for (const element of document.querySelectorAll('time[data-at]')) element.textContent = ago(Number(element.dataset.at));
}, agesEvery);
setInterval(() => { if (!document.hidden) refresh(); }, readEvery);
window.addEventListener('hashchange', turn);
document.getElementById('skip').addEventListener('click', (event) => {
    event.preventDefault();
    place.focus();
});
api.onSignedOut(() => { if (inside) signIn(words.signIn.ended); });

fetch('/page/about.json', {cache: 'no-cache'}).then((response) => (response.ok ? response.json() : about)).then((read) => { about = read; }).catch(() => {}).finally(() => signIn());
