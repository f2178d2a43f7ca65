// All findings, open and closed.
import {h, show} from './dom.js';
import {words} from './words.js';
import {list} from './api.js';
import {emptyNote, findingCard, heading} from './parts.js';

const text = words.findings;
const most = 1000;

export function open(page) {
    const state = {needle: '', severity: '', which: 'open', found: null};
    const cards = h('div');

    const draw = () => {
        const fits = state.found.items.filter((finding) => (!state.severity || finding.severity === state.severity) &&
            [finding.says, finding.remedy, finding.code].some((part) => part.toLowerCase().includes(state.needle)));
        show(cards, fits.length ? h('div.findings', {}, fits.map((finding) => findingCard(finding, 'h2'))) : emptyNote(text.none), state.found.whole ? null : h('p.quiet', {}, words.cut(state.found.items.length, state.found.total)));
    };
    const choice = (label, key, options, changed) => h('label', {}, `${label} `, h('select', {'data-key': key, onchange: (event) => changed(event.target.value)},
        options.map(([value, name]) => h('option', {value, selected: value === state[key]}, name))));

    async function refresh() {
        const found = await list(`/v1/findings?state=${state.which}`, most);
        if (!page.alive()) return;
        const first = !state.found;
        state.found = found;
        if (first) {
            show(page.place, heading(text.title), h('div.filters', {},
                h('input', {type: 'search', placeholder: text.filter, 'aria-label': text.filter, 'data-key': 'filter', oninput: (event) => { state.needle = event.target.value.toLowerCase(); draw(); }}),
                choice(text.severity, 'severity', [['', text.all], ...['critical', 'warning', 'info'].map((s) => [s, words.severities[s]])], (value) => { state.severity = value; draw(); }),
                choice(words.folder.state, 'which', [['open', text.open], ['closed', text.closed], ['all', text.all]], (value) => { state.which = value; page.run(refresh); })), cards);
        }
        draw();
    }
    return {title: text.title, refresh};
}
