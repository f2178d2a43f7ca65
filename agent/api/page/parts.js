// Pieces that several pages are made of.
import {h, copy, announce} from './dom.js';
import {words} from './words.js';
import {ago, bytes, moment, number, span, when} from './format.js';

export const link = (hash, ...children) => h('a', {href: `#/${hash}`}, ...children);
export const volumeLink = (id, ...children) => link(`volume/${encodeURIComponent(id)}`, ...children);

const signs = {critical: '\u2715', warning: '!', info: 'i', ok: '\u2713'};
export const severityBadge = (severity, withText = true) => h(`span.badge.${severity}`, {},
    h('span.sign', {'aria-hidden': 'true'}, signs[severity] ?? 'i'), withText ? words.severities[severity] ?? severity : h('span.offscreen', {}, words.severities[severity] ?? severity));

const verdictSigns = {certain: '\u2713', presumed: '\u2713', doubtful: '?', broken: '\u2715'};
export const verdictBadge = (verdict) => (verdict ? h(`span.verdict.${verdict}`, {}, h('span.sign', {'aria-hidden': 'true'}, verdictSigns[verdict]), words.verdicts[verdict] ?? verdict) : words.unknown);

// A time told as an age; main.js keeps it true.
export function age(text) {
    const time = moment(text);
    return Number.isFinite(time) ? h('time', {datetime: text, title: when(time), 'data-at': time}, ago(time)) : h('span', {}, words.never);
}

export const fact = (name, ...value) => h('div.fact', {}, h('dt', {}, name), h('dd', {}, ...value));
export const facts = (...all) => h('dl.facts', {}, ...all);

export const button = (text, does, more) => h('button', {type: 'button', onclick: does, ...more}, text);

export function copyButton(text, what, label = words.copy) {
    return button(label, () => copy(text, words.copied(what)), {'aria-label': label === words.copy ? words.copyName(what) : undefined, 'data-key': `copy ${what}`, class: 'small'});
}

// A name of a file, to be read and copied.
export const fileName = (name) => h('span.file', {}, h('code', {}, name), copyButton(name, name));

// A path that breaks between its folders.
export const pathText = (path) => (path ?? words.unknown).split(/(?<=[\\/])/).flatMap((part) => [part, h('wbr')]);

// How much of the grace is used up; full and red past it.
export function graceMeter(volume) {
    if (!volume.grace_days) return h('span.quiet', {}, words.overview.noGrace);
    const part = Math.min(1, (volume.age_seconds ?? 0) / (volume.grace_days * 86_400));
    return h(`span.meter${volume.stale ? '.late' : ''}`, {vars: {'--part': part.toFixed(3)}, 'aria-hidden': 'true'});
}

// A strip of all points by verdict.
export function pointStrip(points) {
    const parts = ['certain', 'presumed', 'doubtful', 'broken'].filter((name) => points[name] > 0);
    return h('span.strip', {'aria-hidden': 'true'}, parts.map((name) => h(`span.${name}`, {vars: {'--share': String(points[name])}})));
}

export const spaceBar = (free, total) => h('span.space-bar', {vars: {'--part': total ? ((total - free) / total).toFixed(3) : '0'}, 'aria-hidden': 'true'});

// What a finding says, with its remedy and the names that go with it.
export function findingCard(finding, level = 'h3', more = []) {
    const absent = Array.isArray(finding.evidence?.absent) ? finding.evidence.absent.filter((name) => typeof name === 'string') : [];
    return h(`article.finding.${finding.severity}`, {},
        h('div.finding-head', {}, severityBadge(finding.severity), h(`${level}.says`, {}, finding.says)),
        h('p.remedy', {}, h('span.arrow', {'aria-hidden': 'true'}, '\u2192'), h('span.offscreen', {}, `${words.finding.remedy}: `), finding.remedy),
        absent.length ? h('div.bring', {}, h('span.quiet', {}, `${words.finding.files}:`), absent.slice(0, 8).map(fileName), absent.length > 8 ? copyButton(absent.join('\n'), words.files(absent.length)) : null) : null,
        h('div.finding-foot', {},
            finding.volume_id ? volumeLink(finding.volume_id, words.finding.show) : finding.folder_id ? link(`folder/${encodeURIComponent(finding.folder_id)}`, words.finding.folder) : null,
            h('span.quiet', {}, words.finding.since(when(moment(finding.first_seen)))),
            finding.closed ? h('span.quiet', {}, words.findings.until(when(moment(finding.closed)))) : null,
            h('span.quiet', {}, finding.self_heals ? words.finding.heals : words.finding.who[finding.who] ?? ''), ...more));
}

// A table whose first cell of each row is its header.
export function table(name, columns, rows, more = {}) {
    return h('div.scroller', {tabindex: '0', role: 'region', 'aria-label': name}, h('table', more,
        h('thead', {}, h('tr', {}, columns.map((column) => h('th', {scope: 'col', class: column.class, title: column.title}, column.text ?? column)))),
        h('tbody', {}, rows)));
}

export const problem = (error, again) => h('div.notice.bad', {role: 'alert'}, h('p', {}, words.failed(error.message)), again ? button(words.retry, again) : null);
export const emptyNote = (text) => h('p.empty', {}, text);
export const heading = (text, level = 'h1') => h(level, {tabindex: level === 'h1' ? '-1' : undefined}, text);

export {ago, announce, bytes, number, span};
