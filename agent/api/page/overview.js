// The first page: how it stands, what to do about it, and every volume.
import {h, show} from './dom.js';
import {words} from './words.js';
import {get, list} from './api.js';
import {bytes, moment, number, span, when} from './format.js';
import {age, ago, emptyNote, fact, facts, findingCard, graceMeter, heading, link, pathText, pointStrip, severityBadge, spaceBar, table, verdictBadge, volumeLink, button} from './parts.js';
import {forecast} from './growth.js';

const text = words.overview;
const firstFindings = 6, mostUrgent = 20, mostDisks = 8, mostFindings = 1000;
const worst = ['critical', 'warning', 'info', 'ok'];

function tunnelText(tunnel) {
    if (!tunnel) return text.tunnel.off;
    if (tunnel.state === 'connected') return [text.tunnel.up(tunnel.relay, age(tunnel.since)), tunnel.intercepted_by ? text.tunnel.between(tunnel.intercepted_by) : ''].filter(Boolean).join('; ');
    const why = [tunnel.step, tunnel.problem].filter(Boolean).join(': ');
    return (tunnel.state === 'unusable' ? text.tunnel.unusable : text.tunnel.down(tunnel.relay, age(tunnel.since))) + (why ? `. ${why}` : '');
}

function imagemanagerText(agent) {
    const manager = agent.imagemanager;
    if (!manager || typeof manager !== 'object') return null;
    const parts = [manager.version, text.services[manager.service_state] ?? manager.service_state, manager.database?.problem ?? (manager.database?.read ? text.databaseRead(ago(moment(manager.database.read))) : null)].filter((part) => typeof part === 'string' && part);
    return parts.length ? parts.join(', ') : null;
}

function headline(agent) {
    const counts = agent.counts.findings, broken = agent.counts.verdicts.broken;
    const empty = agent.counts.volumes === 0;
    const says = agent.state === 'starting' && empty ? text.headline.starting : empty && !counts.critical && !counts.warning ? text.headline.nothing
        : counts.critical ? text.headline.critical(counts.critical) : counts.warning ? text.headline.warning(counts.warning) : text.headline.ok;
    const severity = counts.critical ? 'critical' : counts.warning ? 'warning' : empty ? 'info' : 'ok';
    return h(`div.headline.${severity}`, {}, severityBadge(severity, false), h('div', {}, h('p.big', {}, says), broken ? h('p', {}, text.brokenVolumes(broken)) : null));
}

function agentFacts(agent) {
    const scan = agent.last_scan;
    return facts(fact(text.host, agent.host), fact(text.lastScan, scan.folders_scanning ? text.scanning(scan.folders_scanning) : age(scan.finished)),
        fact(text.tunnel.name, h('span', {class: agent.tunnel && agent.tunnel.state !== 'connected' ? 'late' : null}, tunnelText(agent.tunnel))), imagemanagerText(agent) ? fact(text.imagemanager, imagemanagerText(agent)) : null,
        fact(text.uptime, span(agent.uptime_seconds * 1000)), fact(text.version, agent.version), fact(text.certificate, when(moment(agent.certificate.not_after))));
}

function tiles(agent) {
    const {counts} = agent;
    const tile = (name, value, more, target) => h('li.tile', {}, target ? link(target, h('span.value', {}, value), h('span.name', {}, name)) : [h('span.value', {}, value), h('span.name', {}, name)], more);
    return h('ul.tiles', {},
        tile(text.tiles.volumes, number(counts.volumes), h('span.note', {}, pointStrip(counts.verdicts), h('span.quiet', {}, ['broken', 'doubtful', 'presumed', 'certain'].filter((v) => counts.verdicts[v]).map((v) => `${number(counts.verdicts[v])} ${words.verdicts[v]}`).join(', ')))),
        tile(text.tiles.late, number(counts.volumes_stale)), tile(text.tiles.images, bytes(counts.image_bytes), h('span.note.quiet', {}, words.files(counts.images))),
        tile(text.tiles.findings, number(counts.findings.critical + counts.findings.warning + counts.findings.info), null, 'findings'),
        tile(text.tiles.unmanaged, number(counts.unmanaged_folders), null, 'unmanaged'));
}

// `where`: what tells it from another of the same name.
function volumeRow(volume, where) {
    const quiet = [where, volume.vanished ? text.vanished : volume.data_stale ? text.stale : ''].filter(Boolean).join(' \u00b7 ');
    return h(`tr${volume.severity === 'critical' ? '.critical' : ''}`, {},
        h('th', {scope: 'row'}, h('div.cell-state', {}, severityBadge(volume.severity, false), h('div', {},
            volumeLink(volume.id, h('span.machine', {}, volume.machine ?? words.unknown), ' ', h('span.volume-name', {}, volume.volume)), quiet ? h('div.quiet', {}, quiet) : null, h('div.narrow-only', {}, verdictBadge(volume.verdict))))),
        h('td.wide', {}, verdictBadge(volume.verdict), volume.verdict === 'broken' && volume.newest_restorable_point ? h('div.quiet', {}, age(volume.newest_restorable_written)) : null),
        h('td', {}, h('div.cell-age', {}, h('span', {class: volume.stale ? 'late' : null}, age(volume.newest_written)), graceMeter(volume), h('span.quiet', {}, volume.stale ? `${text.overdue}, ` : '', volume.grace_days ? text.ofGrace(volume.grace_days) : ''))),
        h('td.number.wide', {}, h('span.cell-points', {}, pointStrip(volume.points), h('span.count', {}, number(volume.points.total)))),
        h('td.number.wide', {}, bytes(volume.usage_bytes)), h('td.number.wide', {}, bytes(volume.retention_bytes)));
}

function volumesByCustomer(volumes, folders) {
    const groups = new Map(), paths = new Map(folders.map((folder) => [folder.id, folder.path]));
    const names = new Map();
    const nameOf = (volume) => `${volume.customer}\n${volume.machine}\n${volume.volume}`;
    for (const volume of volumes) names.set(nameOf(volume), (names.get(nameOf(volume)) ?? 0) + 1);
    for (const volume of volumes) {
        const name = volume.customer ?? '';
        if (!groups.has(name)) groups.set(name, []);
        groups.get(name).push(volume);
    }
    const columns = [{text: text.columns.volume}, {text: text.columns.state, class: 'wide'}, {text: text.columns.age}, {text: text.columns.points, class: 'number wide'},
        {text: text.columns.usage, class: 'number wide', title: text.usageHint}, {text: text.columns.retention, class: 'number wide', title: text.retentionHint}];
    return [...groups].map(([name, group]) => {
        const severity = worst.find((s) => group.some((v) => v.severity === s)) ?? 'ok';
        const label = name || text.customerless;
        return h('section.customer', {}, h('div.customer-head', {}, h('h3', {}, severityBadge(severity, false), ' ', label),
            h('span.quiet', {}, `${words.volumes(group.length)}, ${bytes(group.reduce((sum, v) => sum + v.usage_bytes + v.retention_bytes, 0))}`)),
            table(label, columns, group.map((volume) => volumeRow(volume, names.get(nameOf(volume)) > 1 ? paths.get(volume.folder_id) : ''))));
    });
}

// Folders on what looks like the same disk; each with the folder whose samples tell of it.
function disksOf(folders) {
    const disks = [];
    for (const folder of folders) {
        if (folder.total_bytes === null || folder.free_bytes === null) continue;
        const same = disks.find((disk) => disk.total === folder.total_bytes && Math.abs(disk.free - folder.free_bytes) <= disk.total * 0.002);
        if (same) same.folders.push(folder);
        else disks.push({total: folder.total_bytes, free: folder.free_bytes, folders: [folder]});
    }
    return disks.sort((a, b) => a.free / a.total - b.free / b.total);
}

function diskItem(disk, samples) {
    const images = disk.folders.reduce((sum, folder) => sum + folder.image_bytes, 0);
    return h('li.disk', {}, h('div.disk-head', {}, h('span', {}, h('strong', {}, pathText(disk.folders[0].path)), disk.folders.length > 1 ? h('span.quiet', {}, ` + ${text.diskOf(disk.folders.length - 1)}`) : null),
        h('span', {}, text.free(bytes(disk.free), bytes(disk.total)))), spaceBar(disk.free, disk.total),
        h('p.quiet', {}, `${text.tiles.images} ${bytes(images)}. `, samples ? forecast(samples, disk.free) : ''));
}

export function open(page) {
    const state = {needle: '', only: false, all: false, data: null, samples: new Map()};
    const fits = (volume) => (!state.only || volume.severity === 'critical' || volume.severity === 'warning') &&
        [volume.customer, volume.machine, volume.volume, volume.newest_image].some((part) => part?.toLowerCase().includes(state.needle));

    const listPlace = h('div');
    const showList = () => {
        const volumes = state.data.volumes.items.filter(fits);
        show(listPlace, volumes.length ? volumesByCustomer(volumes, state.data.folders.items) : emptyNote(text.noMatch));
    };

    function draw() {
        const {agent, volumes, folders, findings} = state.data;
        // What is critical is never behind a button, unless it is so much that nobody could take it in; the agent sends it first.
        const urgent = Math.min(mostUrgent, findings.items.filter((finding) => finding.severity === 'critical').length);
        const shown = state.all ? findings.items : findings.items.slice(0, Math.max(firstFindings, urgent));
        const disks = disksOf(folders.items);
        show(page.place, heading(text.title), headline(agent), agentFacts(agent), tiles(agent),
            h('section', {'aria-labelledby': 'problems'}, h('h2', {id: 'problems'}, text.problems), shown.length ? h('div.findings', {}, shown.map((finding) => findingCard(finding))) : emptyNote(text.noProblems),
                findings.items.length > shown.length ? button(text.more(findings.items.length - shown.length), () => { state.all = true; draw(); }, {'data-key': 'more'}) : null,
                agent.support ? h('p.support', {}, agent.support) : null),
            h('section', {'aria-labelledby': 'volumes'}, h('div.section-head', {}, h('h2', {id: 'volumes'}, text.volumes),
                h('div.filters', {}, h('input', {type: 'search', placeholder: text.filter, 'aria-label': text.filter, value: state.needle, 'data-key': 'filter', oninput: (event) => { state.needle = event.target.value.toLowerCase(); showList(); }}),
                    h('label.check', {}, h('input', {type: 'checkbox', checked: state.only, 'data-key': 'only', onchange: (event) => { state.only = event.target.checked; showList(); }}), text.onlyProblems))),
                listPlace, volumes.whole ? null : h('p.quiet', {}, words.cut(volumes.items.length, volumes.total))),
            disks.length ? h('section', {'aria-labelledby': 'space'}, h('h2', {id: 'space'}, text.space), h('ul.disks', {}, disks.map((disk) => diskItem(disk, state.samples.get(disk.folders[0].id)))), h('p.quiet', {}, text.spaceHint)) : null);
        showList();
    }

    async function readSamples() {
        for (const disk of disksOf(state.data.folders.items).slice(0, mostDisks)) {
            const {id} = disk.folders[0];
            try {
                if (!state.samples.has(id)) state.samples.set(id, (await list(`/v1/folders/${encodeURIComponent(id)}/samples`)).items);
            } catch {
                // The page stands without its forecast.
            }
        }
        if (page.alive()) draw();
    }

    return {
        title: text.title,
        async refresh() {
            const [agent, volumes, folders, findings] = await Promise.all([get('/v1/agent'), list('/v1/volumes'), list('/v1/folders'), list('/v1/findings', mostFindings)]);
            if (!page.alive()) return;
            const first = !state.data;
            state.data = {agent, volumes, folders, findings};
            page.facts(agent);
            draw();
            if (first) await readSamples();
        },
    };
}
