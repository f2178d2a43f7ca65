// What would be: files that are thought lost, and a policy of retention. Shows the question and its answer; the answer is
// computed by graph.js and retention.js, and nothing is ever done.
import {h, show} from './dom.js';
import {words} from './words.js';
import {bytes, clock, day, moment} from './format.js';
import {button} from './parts.js';
import {runs} from './graph.js';

const text = words.whatIf;
const keys = Object.keys(text.sliders);
const most = {intra_daily_days: 60, daily_days: 120, weekly_days: 365, monthly_months: 36};
const mostRuns = 12, mostChips = 40, mostOrdered = 12, roomSteps = 100, week = 7 * 86_400_000;

// "b001-i012 (Tue, 14:00) to b001-i015 (...)", one line for each run of points.
export function pointRuns(graph, points, does) {
    const all = runs(points);
    const name = (at) => `${graph.points[at].point} (${clock(graph.points[at].time)})`;
    return h('ul.runs', {}, all.slice(0, mostRuns).map(([first, last]) => h('li', {},
        button(first === last ? name(first) : words.volume.range(name(first), name(last)), () => does.pick(last), {class: 'link', title: words.volume.showPoint(graph.points[last].point)}),
        last > first ? h('span.quiet', {}, ` ${words.points(last - first + 1)}`) : null)),
    all.length > mostRuns ? h('li.quiet', {}, words.cut(mostRuns, all.length)) : null);
}

export class WhatIf {
    // `does`: {pick(point), toggle(image), policy(policy or null), room(bytes or null), reset()}.
    constructor(does) {
        this.does = does;
        this.sliders = h('div.sliders', {});
        this.chips = h('div.chips', {});
        this.room = h('div.sliders', {hidden: true});
        this.answer = h('div.answer', {});
        this.element = h('section.panel.what-if', {'aria-labelledby': 'what-if'}, h('div.section-head', {}, h('h2', {id: 'what-if'}, text.title),
            this.resetButton = button(text.reset, () => does.reset(), {'data-key': 'reset'})), h('p.quiet', {}, text.nothing), this.chips, h('h3', {}, text.retention), this.sliders, this.room, this.answer);
    }

    // The policy that is expected now, in the API's words; 0 or null: for ever.
    start(expected) {
        this.expected = Object.fromEntries(keys.map((key) => [key, expected?.[key] ?? 0]));
        this.inputs = new Map();
        show(this.sliders, keys.map((key) => {
            const highest = Math.max(most[key], this.expected[key]) + 1;  // the last place: for ever
            const output = h('output', {}, '');
            const input = h('input', {type: 'range', min: 1, max: highest, 'aria-label': `${text.sliders[key]}, ${text.after[key]}`, 'data-key': key, oninput: () => { this.name(key); this.does.policy(this.policy()); }});
            this.inputs.set(key, {input, output, highest});
            return h('label.slider', {}, h('span', {}, text.sliders[key]), input, output);
        }));
        this.back();
    }

    // A slider for the bytes that the chain may take; `all`: those it takes, 0: nothing can be asked. The last place: all of them.
    roomFor(all, chosen) {
        this.room.hidden = !all;
        this.all = all;
        if (!this.roomInput) {
            this.roomSays = h('output', {}, '');
            this.roomInput = h('input', {type: 'range', min: 0, max: roomSteps, 'aria-label': text.roomLabel, 'data-key': 'room', oninput: () => { this.nameRoom(); this.does.room(this.roomBytes()); }});
            show(this.room, h('h3', {}, text.room), h('label.slider', {}, h('span', {}, text.roomName), this.roomInput, this.roomSays));
        }
        this.roomInput.value = chosen === undefined || !all ? roomSteps : Math.round((chosen / all) * roomSteps);
        this.nameRoom();
    }

    roomBytes() { return Number(this.roomInput.value) >= roomSteps ? null : Math.floor((this.all * Number(this.roomInput.value)) / roomSteps); }
    nameRoom() {
        const room = this.roomBytes(), said = room === null ? text.roomAll(bytes(this.all)) : text.roomOf(bytes(room), bytes(this.all));
        this.roomSays.textContent = said;
        this.roomInput.setAttribute('aria-valuetext', said);
    }

    roomBack() {
        if (!this.roomInput) return;
        this.roomInput.value = roomSteps;
        this.nameRoom();
    }

    back() {
        for (const [key, {input, highest}] of this.inputs) {
            input.value = this.expected[key] || highest;
            this.name(key);
        }
    }

    name(key) {
        const {input, output, highest} = this.inputs.get(key), value = Number(input.value);
        const said = value >= highest ? text.keep : text.limit(value, text.after[key]);
        output.textContent = said;
        input.setAttribute('aria-valuetext', said);
    }

    policy() {
        return Object.fromEntries([...this.inputs].map(([key, {input, highest}]) => [key, Number(input.value) >= highest ? 0 : Number(input.value)]));
    }

    // `state`: {graph, thought: names, result or null, policy or null, room or null, ends or null}.
    show({graph, thought, result, policy, room, ends}) {
        this.resetButton.disabled = !thought.size && !policy && !room;
        const names = [...thought];
        show(this.chips, names.length ? h('h3', {}, text.lose) : null, names.slice(0, mostChips).map((name) => h('span.chip', {}, h('code', {}, name),
            button('\u00d7', () => this.does.toggle(graph.byName.get(name)), {'aria-label': text.remove(name), 'data-key': `chip ${name}`}))), names.length > mostChips ? h('span.quiet', {}, words.cut(mostChips, names.length)) : null);
        show(this.answer, room ? this.making(graph, room) : null, result ? this.outcome(graph, result, policy || room) : null, policy || ends ? this.ends(graph, ends, policy) : null);
    }

    // The files in the order in which they would go: broken off anywhere, nothing that would stay hangs in the air.
    making(graph, {bytes: size, fits, left, files}) {
        const says = !files.length ? (fits ? text.fitsNow : text.cannot(bytes(size))) : fits ? text.fits(bytes(size), files.length, bytes(left)) : text.fitsNot(bytes(size), files.length, bytes(left));
        const sizeOf = (name) => bytes(graph.images[graph.byName.get(name)]?.bytes ?? 0);
        return [h(`p${fits ? '' : '.result.bad'}`, {}, says), files.length ? [h('h3', {}, text.order), h('ol.order', {}, files.slice(0, mostOrdered).map((name) => h('li', {}, h('code', {}, name), ' ', h('span.quiet', {}, sizeOf(name))))),
            files.length > mostOrdered ? h('p.quiet', {}, words.cut(mostOrdered, files.length)) : null] : null];
    }

    outcome(graph, result, policy) {
        const left = graph.points.filter((point) => result.after[point.vertex] > 0).length;
        const newest = result.newest < 0 ? text.newestNone : result.gone.includes(graph.points.length - 1) || result.newest < graph.points.length - 1
            ? text.newest(graph.points[result.newest].point, clock(graph.points[result.newest].time)) : text.newestSame;
        return [h(`p.result.${result.lost ? 'bad' : 'good'}`, {}, text.lost(result.lost, left)), h('ul.facts-list', {}, h('li', {}, (policy ? text.bytes : text.lostBytes)(result.files, bytes(result.bytes))), result.stranded.length ? h('li', {}, text.stranded(result.stranded.length, bytes(result.strandedBytes))) : null,
            result.sunk ? h('li', {}, text.sunk(result.sunk)) : null, h('li', {}, newest)), result.gone.length ? [h('h3', {}, text.which), pointRuns(graph, result.gone, this.does)] : null];
    }

    ends(graph, ends, policy) {
        if (!ends) return policy ? h('p.quiet', {}, text.minimums) : null;
        const now = Date.now(), soon = ends.filter((end) => end.ending === 'at_time' && moment(end.at) <= now + week).map((end) => moment(end.at)).sort((a, b) => a - b);
        return h('p.quiet', {}, soon.length ? text.ends(soon.length, day(Math.max(now, soon[0]))) : text.endsNone, ' ', text.minimums);
    }
}
