// One volume: what is wrong and what to bring back, its chain, a point and its files, and what would be.
import {h, show} from './dom.js';
import {words} from './words.js';
import {get, list, look, mayOperate, send} from './api.js';
import {bytes, clock, moment, number, when} from './format.js';
import {age, announce, button, copyButton, emptyNote, fact, facts, fileName, findingCard, graceMeter, heading, link, pointStrip, table, verdictBadge} from './parts.js';
import {Graph, broken} from './graph.js';
import {covers, wouldGo} from './retention.js';
import {WhatIf, pointRuns} from './whatif.js';
import {ChainView} from './chain.js';
import {PointPanel} from './point.js';
import {forecast, growthChart} from './growth.js';

const text = words.volume;
const askAfter = 250;       // milliseconds of quiet before the agent is asked
const mostFiles = 200;

export function open(page) {
    const id = encodeURIComponent(page.words[0] ?? '');
    const state = {volume: null, folder: null, chains: null, base: null, graph: null, covered: null, selected: '', thought: new Set(), policy: null, room: null, ends: null, needle: ''};
    const can = (call) => page.calls.has(call);
    state.selected = page.words[1] ?? '';

    const head = h('div'), problems = h('div'), after = h('div');
    const does = {
        pick: (at) => { state.selected = state.graph.points[at]?.point ?? ''; answer(); chain.reveal(at); },
        toggle: (at) => { const {name} = state.graph.images[at]; if (!state.thought.delete(name)) state.thought.add(name); answer(); },
        policy: (policy) => { state.policy = policy; roomOff(); answer(); foresee(); },
        room: (bytes) => { const had = state.policy; state.policy = null; whatIf.back(); if (had) foresee(); fit(bytes); },
        reset: () => { state.thought.clear(); state.policy = null; whatIf.back(); roomOff(); answer(); foresee(); },
        chain: (base) => { state.base = base; state.selected = ''; state.thought.clear(); roomOff(); state.graph = null; take(); },
    };
    const chain = new ChainView(does), point = new PointPanel(does), whatIf = new WhatIf(does);
    const body = h('div', {hidden: true}, chain.element, h('div.columns', {}, point.element, whatIf.element));

    // Everything that is asked is answered here, at once, from the graph.
    let said = 0;
    function answer() {
        const {graph} = state;
        const lost = state.policy ? wouldGo(graph, state.covered, state.policy, moment(state.volume.as_of)) : graph.none.slice();
        for (const name of state.room?.files ?? []) if (graph.byName.has(name)) lost[graph.byName.get(name)] = 1;
        for (const name of state.thought) if (graph.byName.has(name)) lost[graph.byName.get(name)] = 1;
        const result = state.policy || state.room || state.thought.size ? graph.loss(lost) : null;
        const known = result?.after ?? graph.now;
        let selected = graph.byPoint.get(state.selected) ?? -1;
        if (selected < 0) selected = graph.points.length - 1;
        state.selected = graph.points[selected]?.point ?? '';
        const set = selected < 0 ? [] : graph.restoreSet(graph.points[selected].vertex, lost, known);
        const shown = {graph, lost, result, known, selected, set, thought: state.thought, policy: state.policy, room: state.room, ends: state.ends};
        chain.show({graph, lost, selected, set: new Set(set), after: result?.after ?? null, stranded: new Set(result?.stranded ?? [])});
        point.show(shown);
        whatIf.show(shown);
        clearTimeout(said);
        if (result) said = setTimeout(() => announce(words.whatIf.lost(result.lost, graph.points.filter((p) => known[p.vertex] !== broken).length)), 600);
    }

    // When points would end is known by the agent alone: its calendar decides.
    let asking = 0, asked = 0;
    function foresee() {
        if (!can('POST v1/volumes/*/simulate') || !state.graph.points.length) return;
        clearTimeout(asking);
        const policy = state.policy ?? whatIf.expected, mine = ++asked;
        asking = setTimeout(async () => {
            const retention = Object.fromEntries(Object.entries(policy).map(([key, value]) => [key, value || null]));
            try {
                const answered = await send('POST', `/v1/volumes/${id}/simulate`, {base: state.base, retention});
                if (mine !== asked || !page.alive()) return;
                state.ends = answered.expiry;
            } catch {
                state.ends = null;  // the rest of the answer stands without it
            }
            if (page.alive()) answer();
        }, askAfter);
    }

    // Which files would have to go to make room is a question to the agent, too; what their going would cost is answered here.
    let fitting = 0, wanted = 0;
    function fit(room) {
        clearTimeout(fitting);
        const mine = ++wanted;
        if (room === null) {
            state.room = null;
            answer();
            return;
        }
        fitting = setTimeout(() => page.run(async () => {
            const told = await send('POST', `/v1/volumes/${id}/simulate`, {base: state.base, within_bytes: room});
            if (mine !== wanted || !page.alive()) return;
            state.room = {bytes: room, fits: told.fits, left: told.bytes_after, files: told.files.map((file) => file.name)};
            answer();
        }), askAfter);
    }
    function roomOff() {
        clearTimeout(fitting);
        ++wanted;
        state.room = null;
        whatIf.roomBack();
    }

    function drawHead() {
        const {volume, folder} = state;
        const counts = ['certain', 'presumed', 'doubtful', 'broken'].filter((verdict) => volume.points[verdict]).map((verdict) => text.ofThese(volume.points[verdict], words.verdicts[verdict])).join(', ');
        show(head, h('p.crumbs', {}, link('', words.menu.overview), ' / ', volume.customer ?? words.overview.customerless, ' / ', link(`folder/${encodeURIComponent(volume.folder_id)}`, folder?.path ?? volume.machine ?? '')),
            h('div.title-row', {}, heading(text.title(volume.volume, volume.machine)), verdictBadge(volume.verdict)),
            volume.vanished ? h('p.notice', {}, text.vanished(when(moment(volume.vanished)))) : null, volume.data_stale ? h('p.notice.bad', {}, words.overview.stale) : null,
            facts(fact(text.facts.newest, h('span.cell-age', {}, age(volume.newest_written), graceMeter(volume), h('span.quiet', {}, volume.grace_days ? words.overview.ofGrace(volume.grace_days) : ''))),
                fact(text.facts.restorable, volume.newest_restorable_point ? [age(volume.newest_restorable_written), h('span.quiet', {}, ` ${volume.newest_restorable_point}`)] : words.none),
                fact(text.facts.points, h('span.cell-points', {}, pointStrip(volume.points), number(volume.points.total)), h('span.quiet', {}, counts)), fact(text.facts.usage, bytes(volume.usage_bytes)), fact(text.facts.retention, bytes(volume.retention_bytes)),
                fact(text.facts.base, volume.base_age_days === null ? words.unknown : text.baseAge(volume.base_age_days)), fact(text.facts.images, number(volume.images)), fact(text.facts.free, bytes(volume.quota_bytes)), can('GET v1/verify') ? fact(text.facts.verification, ...verification(volume)) : null));
    }

    function verification({verification: told}) {
        const name = words.verify.states[told?.state] ?? words.verify.states.unknown;
        const asked = () => page.run(async () => {
            await send('POST', '/v1/verify', {volume_id: state.volume.id});
            page.say(words.verify.asked);
        });
        return [h('span', {class: told?.state === 'failed' ? 'late' : null}, name), can('POST v1/verify') && mayOperate() ? button(words.verify.button, asked, {class: 'small beside', 'data-key': 'verify'}) : null,
            typeof told?.good === 'number' ? h('span.quiet', {}, words.verify.counts(told.good, told.failed ?? 0, told.not_comparable ?? 0)) : null];
    }

    function drawProblems() {
        const {graph, volume} = state, waiting = graph?.waiting() ?? [];
        // What is to be brought back stands in one place, with the finding that asks for it.
        const findings = volume.findings ?? [], asking = findings.filter((finding) => finding.code === 'chain_broken');
        const bring = graph?.missing.length && waiting.length ? h('section.panel.bring-back', {'aria-labelledby': 'bring'},
            h('h2', {id: 'bring'}, text.bring(graph.missing.reduce((sum, file) => sum + file.count, 0))),
            h('ul.plain', {}, graph.missing.slice(0, 20).map((file) => h('li', {}, fileName(file.name), file.count > 1 ? h('span.quiet', {}, ` ${text.run(file.first, file.last, file.count)}`) : null))),
            h('p', {}, text.until(waiting.length)), pointRuns(graph, waiting, does), asking.map((finding) => h('p.quiet', {}, `${finding.says} ${finding.remedy}`))) : null;
        const others = findings.filter((finding) => !bring || !asking.includes(finding));
        show(problems, bring, others.length ? h('div.findings', {}, others.map((finding) => findingCard({...finding, volume_id: null}, 'h2'))) : null);
    }

    function drawAfter(samples) {
        const {graph, volume, folder} = state;
        const filesPlace = h('div');
        const files = () => {
            const fits = graph.images.filter((image) => image.name.toLowerCase().includes(state.needle)).reverse();
            show(filesPlace, table(text.allFiles, [words.point.columns.file, {text: words.point.columns.kind, class: 'wide'}, {text: words.point.columns.size, class: 'number'}, {text: words.point.columns.written, class: 'wide'}, {text: words.point.columns.blast, class: 'number'}],
                fits.slice(0, mostFiles).map((image) => h('tr', {}, h('th', {scope: 'row'}, h('code', {}, image.name)), h('td.wide', {}, words.kinds[image.kind]), h('td.number', {}, bytes(image.bytes)), h('td.wide', {}, when(image.time)), h('td.number', {}, number(image.blast_radius))))),
            fits.length > mostFiles ? h('p.quiet', {}, words.cut(mostFiles, fits.length)) : null);
        };
        const all = graph ? h('details', {ontoggle: (event) => { if (event.target.open) files(); }}, h('summary', {}, `${text.allFiles} (${number(graph.images.length)})`),
            h('input', {type: 'search', placeholder: text.filterFiles, 'aria-label': text.filterFiles, oninput: (event) => { state.needle = event.target.value.toLowerCase(); files(); }}), filesPlace) : null;
        show(after, all, settings(volume), folder ? h('section', {}, h('h2', {}, text.growth), h('p.quiet', {}, forecast(samples, folder.free_bytes)), growthChart(samples)) : null);
    }

    function settings(volume) {
        if (!mayOperate()) return null;
        const grace = h('input', {type: 'number', min: 0, max: 3650, value: volume.settings.grace_days ?? '', 'data-key': 'grace'}), notes = h('textarea', {rows: 2, maxlength: 4000, value: volume.settings.notes, 'data-key': 'notes'});
        const save = async (event) => {
            event.preventDefault();
            await send('PATCH', `/v1/volumes/${id}`, {grace_days: grace.value === '' ? null : Number(grace.value), notes: notes.value});
            page.say(text.saved);
            await refresh();
        };
        return h('details', {}, h('summary', {}, text.settings), h('form.settings', {onsubmit: (event) => page.run(() => save(event))}, h('label', {}, text.grace, grace), h('p.quiet', {}, text.graceHint), h('label', {}, text.notes, notes), h('button.primary', {type: 'submit'}, text.save)));
    }

    // Takes the chain that is chosen, or the newest.
    function take() {
        const chosen = state.chains.find((one) => one.base === state.base) ?? [...state.chains].reverse().find((one) => one.points.some((p) => p.point === state.selected)) ?? [...state.chains].reverse().find((one) => one.points.length) ?? state.chains[state.chains.length - 1];
        body.hidden = !chosen;
        state.graph = null;
        if (!chosen) return;
        state.base = chosen.base;
        state.graph = new Graph(chosen);
        state.covered = covers(state.graph);
        for (const name of [...state.thought]) if (!state.graph.byName.has(name)) state.thought.delete(name);
        chain.choose(state.chains, state.base, can('GET v1/volumes/*/chain.svg') ? {svg: `/v1/volumes/${id}/chain.svg`, dot: can('GET v1/volumes/*/chain.dot') ? `/v1/volumes/${id}/chain.dot` : null} : null);
        if (!whatIf.expected) whatIf.start(state.folder?.retention?.expected);
        whatIf.roomFor(can('POST v1/volumes/*/simulate') ? state.graph.images.reduce((sum, image) => sum + image.bytes, 0) : 0, state.room?.bytes);
        answer();
        foresee();
        drawProblems();
    }

    async function refresh() {
        const [volume, chains] = await Promise.all([get(`/v1/volumes/${id}`), look(`/v1/volumes/${id}/chain?restore_sets=false`)]);
        const folderId = encodeURIComponent(volume.folder_id);
        const [folder, samples] = await Promise.all([get(`/v1/folders/${folderId}`), list(`/v1/folders/${folderId}/samples`)]);
        if (!page.alive()) return;
        const first = !state.volume, changed = first || chains.fresh;
        Object.assign(state, {volume, folder, chains: chains.json.chains});
        page.entitle(text.title(volume.volume, volume.machine));
        if (first) show(page.place, head, problems, body, after);
        drawHead();
        if (changed) take();
        drawProblems();
        if (!state.graph) show(after, emptyNote(text.noChains));
        else if (changed && !after.contains(document.activeElement)) drawAfter(samples.items);
    }
    return {title: words.menu.overview, gone: text.gone, refresh};
}
