// Reports and logs by day.
import {h, show} from './dom.js';
import {words} from './words.js';
import {emptyNote, heading} from './parts.js';

export function openReports(page) {
    return {title: words.reports.title, async refresh() { show(page.place, heading(words.reports.title), emptyNote(words.reports.none)); }};
}

export function openLogs(page) {
    return {title: words.logs.title, async refresh() { show(page.place, heading(words.logs.title), emptyNote(words.logs.none)); }};
}
