// What happened, day by day, and ImageManager's own logs.
import {h, show} from './dom.js';
import {words} from './words.js';
import {get, list} from './api.js';
import {bytes, day, moment, number, when} from './format.js';
import {age, button, emptyNote, findingCard, heading, link, pathText, severityBadge, table} from './parts.js';

const mostDays = 400, linesAtOnce = 300, mostLines = 3000;
const worst = ['critical', 'warning', 'info'];
const severityOf = {critical: 'critical', error: 'critical', warning: 'warning', information: 'info', unknown: 'info'};

// Local days of the agent's computer, which have no time and no zone.
const dayName = (text) => day(Date.parse(`${text}T12:00:00`));

// "3 of x, 1 of y", only what is not nothing.
function counts(object, names) {
    const told = Object.entries(names).filter(([key]) => object?.[key]).map(([key, name]) => `${number(object[key])} ${name}`);
    return told.length ? told.join(', ') : words.none;
}

// What must be seen where there is no room for its column.
function narrow({damaged, backups, imagemanager}) {
    const told = counts(imagemanager, words.reports.imagemanager);
    return [told === words.none ? null : h('div.narrow-only.quiet', {}, words.reports.told(told)),
        damaged || backups?.failed ? h('div.narrow-only.late', {}, damaged ? words.reports.damaged(damaged) : '', ' ', backups?.failed ? words.reports.failedBackups(backups.failed) : '') : null];
}

// `watched`: the agent looked at the folder on that day. What it did not see is not known, and no zero.
function activityCells(activity, watched) {
    const text = words.reports, seen = watched || activity.images_created || activity.images_consolidated || activity.images_removed;
    const said = (value) => (seen ? value : h('span.quiet', {title: text.notWatched}, words.unknown));
    return [h('td.number', {}, said(number(activity.images_created))), h('td.number', {}, said(number(activity.images_consolidated))), h('td.number', {}, said(number(activity.images_removed))),
        h('td.number.wide', {}, said(`+${bytes(activity.bytes_gained)}, \u2212${bytes(activity.bytes_lost)}`)),
        h('td.number.wide', {}, number(activity.verified), activity.damaged ? h('div.late', {}, text.damaged(activity.damaged)) : null),
        h('td.wide', {}, counts(activity.imagemanager, text.imagemanager), activity.backups?.failed ? h('div.late', {}, text.failedBackups(activity.backups.failed)) : null)];
}

// The day of the first look at one of the folders; one that is watched no more was watched.
const firstSeen = (folders) => folders.map((one) => one.first_seen?.slice(0, 10) ?? '').sort()[0] ?? '';

const activityColumns = (first) => [first, ...['created', 'consolidated', 'removed'].map((key) => ({text: words.reports.columns[key], class: 'number'})),
    ...['bytes', 'verified'].map((key) => ({text: words.reports.columns[key], class: 'number wide'})), {text: words.reports.columns.imagemanager, class: 'wide'}];

export function openReports(page) {
    const text = words.reports, [date] = page.words;

    async function showDays() {
        const [found, folders] = await Promise.all([list('/v1/reports', mostDays), list('/v1/folders')]);
        if (!page.alive()) return;
        const since = firstSeen(folders.items);
        const rows = found.items.map((one) => h('tr', {}, h('th', {scope: 'row'}, link(`reports/${encodeURIComponent(one.date)}`, dayName(one.date)), narrow(one)), activityCells(one, one.date >= since)));
        show(page.place, heading(text.title), rows.length ? table(text.title, activityColumns(text.date), rows) : emptyNote(text.none), found.whole ? null : h('p.quiet', {}, words.cut(found.items.length, found.total)));
    }

    function entryItem(entry) {
        return h('li.entry', {}, severityBadge(severityOf[entry.severity] ?? 'info', false), h('span.quiet', {}, when(moment(entry.at))), h('span', {}, entry.text, ' ', h('span.quiet', {}, [entry.source, entry.image].filter(Boolean).join(' \u00b7 '))));
    }

    async function showDay() {
        const [report, days, watched] = await Promise.all([get(`/v1/reports/${encodeURIComponent(date)}`), list('/v1/reports', mostDays), list('/v1/folders')]);
        if (!page.alive()) return;
        const dates = days.items.map((one) => one.date).sort(), at = dates.indexOf(date);
        const step = (to, name) => (dates[to] && at >= 0 ? link(`reports/${encodeURIComponent(dates[to])}`, name) : h('span.quiet', {}, name));
        const quiet = !report.folders.length && !report.entries.length && !report.findings.length;
        page.entitle(`${text.title} ${dayName(date)}`);
        show(page.place, h('p.crumbs', {}, link('reports', text.title)), heading(dayName(date)), h('p.actions', {}, step(at - 1, `\u2039 ${text.earlier}`), step(at + 1, `${text.later} \u203a`)),
            quiet ? emptyNote(text.empty) : table(text.title, activityColumns(text.folder), [...report.folders.map((folder) => h('tr', {}, h('th', {scope: 'row'}, link(`folder/${encodeURIComponent(folder.folder_id ?? '')}`, pathText(folder.path)), h('div.quiet', {}, [folder.customer, folder.machine].filter(Boolean).join(', ')), narrow(folder)), activityCells(folder, date >= firstSeen(watched.items.filter((one) => one.id === folder.folder_id))))),
                h('tr.sum', {}, h('th', {scope: 'row'}, text.total, narrow(report.totals)), activityCells(report.totals, date >= firstSeen(watched.items)))]),
            report.findings.length ? h('section', {}, h('h2', {}, words.findings.title), h('div.findings', {}, report.findings.sort((a, b) => worst.indexOf(a.severity) - worst.indexOf(b.severity)).map((finding) => findingCard(finding)))) : null,
            report.entries.length ? h('section', {}, h('h2', {}, text.entries), h('ul.entries', {}, report.entries.map(entryItem))) : null);
    }
    return {title: text.title, refresh: date ? showDay : showDays};
}

export function openLogs(page) {
    const text = words.logs, [id] = page.words;
    const state = {lines: [], next: null, head: null, needle: '', notable: false};

    async function showList() {
        const found = await list('/v1/logs');
        if (!page.alive()) return;
        const rows = found.items.map((log) => h('tr', {}, h('th', {scope: 'row'}, link(`logs/${encodeURIComponent(log.id)}`, log.name)), h('td', {}, text.kinds[log.kind] ?? log.kind), h('td.number', {}, bytes(log.bytes)), h('td.wide', {}, age(log.written))));
        show(page.place, heading(text.title), rows.length ? table(text.title, [text.name, text.kind, {text: text.size, class: 'number'}, {text: text.written, class: 'wide'}], rows) : emptyNote(text.none));
    }

    const place = h('div');
    const notable = (line) => line.message !== null && line.message !== 'unknown' && !text.dull.includes(line.message);
    function drawLines() {
        const fits = state.lines.filter((line) => (!state.notable || notable(line)) && line.text.toLowerCase().includes(state.needle));
        show(place, fits.length ? h('ul.log', {tabindex: '0', 'aria-label': text.lines}, fits.map((line) => h(`li${notable(line) ? '.notable' : ''}`, {}, line.text || ' '))) : emptyNote(text.empty),
            state.next && state.lines.length < mostLines ? button(text.more, () => page.run(more), {'data-key': 'more'}) : null);
    }
    async function more() {
        const read = await get(`/v1/logs/${encodeURIComponent(id)}?limit=${linesAtOnce}&cursor=${encodeURIComponent(state.next)}`);
        if (!page.alive()) return;
        state.lines.push(...read.items);
        state.next = read.next_cursor;
        drawLines();
    }
    // The end of a log is what is asked for; what came before is a choice.
    async function showLog() {
        const first = !state.head;
        if (!first && state.lines.length > linesAtOnce) return;  // somebody reads further on
        const read = await get(`/v1/logs/${encodeURIComponent(id)}?limit=${linesAtOnce}${state.whole ? '' : '&last=true'}`);
        if (!page.alive()) return;
        Object.assign(state, {head: read, lines: read.items, next: state.whole ? read.next_cursor : null});
        page.entitle(read.name);
        if (first) {
            show(page.place, h('p.crumbs', {}, link('logs', text.title)), heading(read.name), h('p.quiet', {}, `${bytes(read.bytes)}, `, age(read.written)),
                h('div.filters', {}, h('input', {type: 'search', placeholder: text.filter, 'aria-label': text.filter, oninput: (event) => { state.needle = event.target.value.toLowerCase(); drawLines(); }}),
                    h('label.check', {}, h('input', {type: 'checkbox', onchange: (event) => { state.notable = event.target.checked; drawLines(); }}), text.notable),
                    button(text.fromStart, () => { state.whole = true; state.lines = []; page.run(showLog); })), place);
        }
        drawLines();
        if (first && !state.whole) place.querySelector('.log')?.scrollTo(0, Number.MAX_SAFE_INTEGER);
    }
    return {title: text.title, refresh: id ? showLog : showList};
}
