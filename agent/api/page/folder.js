// The list of folders, and one folder.
import {h, show} from './dom.js';
import {words} from './words.js';
import {get, list, mayOperate, send} from './api.js';
import {bytes, number} from './format.js';
import {age, announce, button, emptyNote, fact, facts, findingCard, heading, link, pathText, severityBadge, spaceBar, table, verdictBadge, volumeLink} from './parts.js';
import {forecast, growthChart} from './growth.js';

const text = words.folder;

function folderTable(name, folders) {
    const columns = [{text: text.path}, {text: text.state, class: 'wide'}, {text: text.images, class: 'number'}, {text: text.free, class: 'number wide'}, {text: text.scanned, class: 'wide'}];
    const rows = folders.map((folder) => h('tr', {}, h('th', {scope: 'row'}, h('div.cell-state', {}, severityBadge(folder.severity, false),
        h('div', {}, link(`folder/${encodeURIComponent(folder.id)}`, pathText(folder.path)), h('div.quiet', {}, [folder.customer, folder.machine].filter(Boolean).join(', '))))),
        h('td.wide', {}, text.states[folder.state] ?? folder.state), h('td.number', {}, bytes(folder.image_bytes)), h('td.number.wide', {}, bytes(folder.free_bytes)), h('td.wide', {}, age(folder.last_good_scan))));
    return table(name, columns, rows);
}

export function openList(page) {
    return {
        title: text.list,
        async refresh() {
            const found = await list('/v1/folders');
            if (!page.alive()) return;
            show(page.place, heading(text.list), found.items.length ? folderTable(text.list, found.items) : emptyNote(text.none), found.whole ? null : h('p.quiet', {}, words.cut(found.items.length, found.total)));
        },
    };
}

function policies(retention) {
    if (!retention?.expected && !retention?.found) return null;
    const expected = (level) => {
        const value = retention.expected?.[level === 'monthly' ? 'monthly_months' : `${level}_days`];
        if (value === undefined) return words.unknown;
        return value ? (level === 'monthly' ? text.monthsOf(value) : text.days(value)) : text.forEver;
    };
    const found = (level) => {
        const value = retention.found?.[level];
        return value && typeof value.days === 'number' ? text.oldest(value.days, value.older_removed) : text.nothingFound;
    };
    return h('section', {}, h('h2', {}, text.policies), table(text.policies, [text.level, text.expected, text.found],
        Object.keys(text.levels).map((level) => h('tr', {}, h('th', {scope: 'row'}, text.levels[level]), h('td', {}, expected(level)), h('td', {}, found(level))))));
}

// What ImageManager's own records say of the folder, with the targets that it sends the chains to; nothing where the agent has none.
function records(folder) {
    const told = folder.records;
    if (!told) return null;
    const rows = (told.targets ?? []).map((target) => h('tr', {}, h('th', {scope: 'row'}, pathText(target.path), h('div.quiet', {}, text.targets[target.type] ?? target.type)),
        h('td.number', {}, number(target.queued), h('div.quiet', {}, target.queued ? bytes(target.queued_bytes) : '')), h('td.wide', {}, target.queued ? age(target.oldest_queued) : words.unknown), h('td.number.wide', {}, number(target.sent)), h('td', {}, age(target.last_sent), h('div.quiet', {}, target.last_sent_point ?? ''))));
    const differs = ['gone', 'not_known', 'sizes_differ'].filter((key) => told[key]);
    return [h('section', {}, h('h2', {}, text.records), facts(fact(text.recorded.files, number(told.files)), fact(text.recorded.sets, number(told.set_count)), differs.map((key) => fact(text.recorded[key], h('span.late', {}, number(told[key])))))),
        h('section', {}, h('h2', {}, text.replication), rows.length ? table(text.replication, [text.target, {text: text.queued, class: 'number'}, {text: text.oldestQueued, class: 'wide'}, {text: text.sent, class: 'number wide'}, text.lastSent], rows) : emptyNote(text.noReplication))];
}

export function open(page) {
    const id = encodeURIComponent(page.words[0] ?? '');
    let asked = false;

    function release(folder) {
        if (!mayOperate() || !['adopted', 'auto_adopted'].includes(folder.source)) return null;
        const place = h('div.actions', {});
        const ask = () => show(place, asked ? button(text.releaseSure, () => page.run(async () => {
            await send('DELETE', `/v1/folders/${id}`);
            announce(text.released);
            location.hash = '#/folders';
        }), {class: 'danger', 'data-key': 'release'}) : button(text.release, () => { asked = true; ask(); }, {'data-key': 'release'}), h('span.quiet', {}, text.releaseHint));
        ask();
        return place;
    }

    return {
        title: text.title,
        async refresh() {
            const [folder, volumes, samples] = await Promise.all([get(`/v1/folders/${id}`), list(`/v1/volumes?folder_id=${id}`), list(`/v1/folders/${id}/samples`)]);
            const below = folder.type === 'backup_store' ? (await list('/v1/folders')).items.filter((one) => one.parent_id === folder.id) : null;
            if (!page.alive()) return;
            page.entitle(folder.path);
            const rows = volumes.items.map((volume) => h('tr', {}, h('th', {scope: 'row'}, h('div.cell-state', {}, severityBadge(volume.severity, false), volumeLink(volume.id, volume.volume))),
                h('td', {}, verdictBadge(volume.verdict)), h('td', {}, age(volume.newest_written)), h('td.number.wide', {}, number(volume.points.total)), h('td.number.wide', {}, bytes(volume.usage_bytes)), h('td.number.wide', {}, bytes(volume.retention_bytes))));
            const columns = words.overview.columns;
            show(page.place, h('p.crumbs', {}, link('folders', text.list)), heading(pathText(folder.path)),
                folder.error ? h('div.notice.bad', {}, h('p', {}, `${text.error}: ${folder.error}`)) : null,
                facts(fact(text.customer, folder.customer ?? words.unknown), fact(text.machine, folder.machine ?? words.unknown), fact(text.type, text.types[folder.type] ?? folder.type), fact(text.state, text.states[folder.state] ?? folder.state),
                    fact(text.source, text.sources[folder.source] ?? folder.source), fact(text.profile, text.profiles[folder.profile] ?? folder.profile), fact(text.scanned, age(folder.last_good_scan)),
                    fact(text.images, `${number(folder.images)}, ${bytes(folder.image_bytes)}`), fact(text.chains, number(folder.chains)), fact(text.settling, number(folder.settling)), fact(text.companions, number(folder.companions)), fact(text.foreign, number(folder.foreign)),
                    folder.incrementals_bytes ? fact(text.incrementals, bytes(folder.incrementals_bytes)) : null),
                folder.findings?.length ? h('div.findings', {}, folder.findings.map((finding) => findingCard(finding, 'h2'))) : null,
                below ? h('section', {}, h('h2', {}, text.below), below.length ? folderTable(text.below, below) : emptyNote(text.noneBelow)) : null,
                below && !rows.length ? null : h('section', {}, h('h2', {}, text.volumes), rows.length ? table(text.volumes, [columns.volume, columns.state, columns.age, {text: columns.points, class: 'number wide'}, {text: columns.usage, class: 'number wide'}, {text: columns.retention, class: 'number wide'}], rows) : emptyNote(text.noVolumes)),
                policies(folder.retention), records(folder),
                h('section', {}, h('h2', {}, text.growth), folder.total_bytes ? [h('p', {}, words.overview.free(bytes(folder.free_bytes), bytes(folder.total_bytes))), spaceBar(folder.free_bytes, folder.total_bytes)] : null,
                    h('p.quiet', {}, forecast(samples.items, folder.free_bytes)), growthChart(samples.items)),
                release(folder));
        },
    };
}
