// The calls to the agent. The token lives in this module's memory alone: no cookie, no storage, no URL. A reload forgets it.
import {words} from './words.js';

const patience = 40_000;        // milliseconds for an answer
const silence = 45_000;         // without a word of the feed, which says something every 15 s
const mostKept = 200;           // answers, by target, for conditional requests
const mostPages = 20;

let token = '';
let scope = 'read';
let known = new Map();          // target -> {tag, json}
let signedOut = () => {};

export class Refused extends Error {
    constructor(status, problem) {
        super(problem?.detail ?? problem?.title ?? words.noAnswer(status));
        this.status = status;
    }
}

export const hasToken = () => token !== '';
export const mayOperate = () => scope === 'operate';
export const setMayOperate = (may) => { scope = may ? 'operate' : 'read'; };
export const onSignedOut = (callback) => { signedOut = callback; };

export function setToken(text) {
    token = text;
    scope = 'operate';  // until a refusal says otherwise
    known = new Map();
}

function headers(more) {
    return token ? {Authorization: `Bearer ${token}`, ...more} : more;
}

async function answered(response) {
    if (response.ok) return response.status === 204 ? null : response.json();
    let problem = null;
    try {
        problem = await response.json();
    } catch {
        // An answer without a reason: its status must do.
    }
    if (response.status === 403) scope = 'read';
    if (response.status === 401 && token) signedOut();
    throw new Refused(response.status, problem);
}

// {json, fresh}: fresh is false where it is what was read before.
export async function look(target) {
    const before = known.get(target);
    const response = await fetch(target, {
        headers: headers(before ? {'If-None-Match': before.tag} : {}),
        cache: 'no-store',  // nothing of the answers stays on this computer
        credentials: 'same-origin',
        redirect: 'error',
        signal: AbortSignal.timeout(patience),
    });
    if (response.status === 304 && before) return {json: before.json, fresh: false};
    const json = await answered(response);
    const tag = response.headers.get('ETag');
    if (tag) {
        known.delete(target);
        known.set(target, {tag, json});
        if (known.size > mostKept) known.delete(known.keys().next().value);
    }
    return {json, fresh: true};
}

export const get = async (target) => (await look(target)).json;

// All pages of a list as {items, total, whole, first}; `first` is the first page, for what stands beside the items.
export async function list(target, most = Infinity) {
    const separator = target.includes('?') ? '&' : '?';
    const items = [];
    let cursor = '', first = null, page = null;
    for (let count = 0; count < mostPages && items.length < most; ++count) {
        page = await get(`${target}${separator}limit=1000${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
        first ??= page;
        items.push(...page.items);
        cursor = page.next_cursor;
        if (!cursor) break;
    }
    return {items, total: page.total, whole: !cursor, first};
}

export async function send(method, target, body) {
    const response = await fetch(target, {
        method,
        headers: headers({'Content-Type': 'application/json'}),
        body: body === undefined ? undefined : JSON.stringify(body),
        cache: 'no-store',
        credentials: 'same-origin',
        redirect: 'error',
        signal: AbortSignal.timeout(patience),
    });
    return answered(response);
}

// Reads the live feed until `stop` is aborted; an EventSource cannot send the token. `heard(name)` is called for each
// event, `state(connected)` whenever the feed comes or goes.
export async function follow(stop, heard, state) {
    let lastId = '', pause = 1000;
    while (!stop.aborted && token) {
        const ended = new AbortController();
        const end = () => ended.abort();
        stop.addEventListener('abort', end);
        let timer = setTimeout(end, silence);
        try {
            const response = await fetch('/v1/events', {
                headers: headers({Accept: 'text/event-stream', ...(lastId ? {'Last-Event-ID': lastId} : {})}),
                cache: 'no-store',
                signal: ended.signal,
            });
            if (!response.ok) await answered(response);
            state(true);
            pause = 1000;
            const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
            let text = '';
            for (;;) {
                const {done, value} = await reader.read();
                if (done) break;
                clearTimeout(timer);
                timer = setTimeout(end, silence);
                text += value;
                for (let cut = text.indexOf('\n\n'); cut >= 0; cut = text.indexOf('\n\n')) {
                    const fields = new Map(text.slice(0, cut).split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));
                    text = text.slice(cut + 2);
                    if (fields.get('id')) lastId = fields.get('id');
                    if (fields.get('event')) heard(fields.get('event'));
                }
                if (text.length > 1 << 20) throw new Error('an event without end');
            }
        } catch (error) {
            if (error instanceof Refused && error.status === 401) return;
        } finally {
            clearTimeout(timer);
            stop.removeEventListener('abort', end);
        }
        if (stop.aborted) return;
        state(false);
        await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
        pause = Math.min(30_000, pause * 2);
    }
}

export async function fetchBytes(target) {
    const response = await fetch(target, {headers: headers({}), cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(patience)});
    if (!response.ok) await answered(response);
    return response.blob();
}
