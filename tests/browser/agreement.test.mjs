// What the page computes by itself, held against the agent and against what is known.
import {test, before, after} from 'node:test';
import assert from 'node:assert/strict';
import {Reader, launch, token, volumes} from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

test('the browser and the agent agree on every chain: verdicts, restore sets, blast radii, losses, policies', async () => {
    const reader = await (await Reader.open(browser)).signIn();
    const simulates = (await reader.get('/page/about.json')).calls.includes('POST v1/volumes/*/simulate');
    let points = 0, sets = 0, asked = 0;
    for (const volume of await volumes(reader)) {
        const result = await reader.page.evaluate(async ([id, secret, ask]) => {
            const {Graph, verdicts} = await import('/page/graph.js');
            const {covers, wouldGo} = await import('/page/retention.js');
            const call = async (path, body) => (await fetch(path, {method: body ? 'POST' : 'GET', headers: {Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json'}, body: body && JSON.stringify(body)})).json();
            const faults = [], told = {points: 0, sets: 0, asked: 0};
            const {chains} = await call(`/v1/volumes/${id}/chain`);
            for (const chain of chains) {
                const graph = new Graph(chain);
                for (const point of graph.points) {
                    ++told.points;
                    if (verdicts[graph.now[point.vertex]] !== point.verdict) faults.push(`${point.point}: ${verdicts[graph.now[point.vertex]]}, not ${point.verdict}`);
                    if (!point.restore_set) continue;
                    ++told.sets;
                    const mine = graph.restoreSet(point.vertex).map((k) => graph.images[k].name);
                    if (mine.join() !== point.restore_set.join()) faults.push(`${point.point}: another restore set`);
                }
                for (const image of graph.images) {
                    const blast = graph.blast(image.at).length;
                    if (blast !== image.blast_radius) faults.push(`${image.name}: blast radius ${blast}, not ${image.blast_radius}`);
                }
                if (!ask) continue;
                let seed = 7;
                const chance = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
                for (let round = 0; round < 3; ++round) {
                    const lost = Uint8Array.from(graph.images, () => (chance() < 0.02 * (round + 1) ? 1 : 0));
                    const lose = graph.images.filter((image) => lost[image.at]).map((image) => image.name);
                    if (!lose.length) continue;
                    const theirs = await call(`/v1/volumes/${id}/simulate`, {base: chain.base, lose}), mine = graph.loss(lost);
                    ++told.asked;
                    for (const [key, value] of [['points_lost', mine.lost], ['points_sunk', mine.sunk], ['files_bytes', mine.bytes], ['stranded_bytes', mine.strandedBytes]]) {
                        if (theirs[key] !== value) faults.push(`lose ${lose.length}: ${key} ${value}, not ${theirs[key]}`);
                    }
                }
                const covered = covers(graph);
                for (const [intra_daily_days, daily_days, weekly_days, monthly_months] of [[1, 1, 1, 1], [3, 10, 20, 2], [7, 15, 90, 12], [0, 5, 0, 3]]) {
                    const retention = {intra_daily_days: intra_daily_days || null, daily_days, weekly_days: weekly_days || null, monthly_months};
                    const when = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString().replace('.000', '');
                    const theirs = await call(`/v1/volumes/${id}/simulate`, {base: chain.base, retention, when});
                    ++told.asked;
                    const goes = wouldGo(graph, covered, {intra_daily_days, daily_days, weekly_days, monthly_months}, Date.parse(when));
                    const mine = graph.images.filter((image) => goes[image.at]).map((image) => image.name).sort();
                    const same = (theirs.files ?? []).map((file) => file.name).sort();
                    if (mine.join() !== same.join()) faults.push(`policy ${Object.values(retention)}: ${mine.length} files, not ${same.length}`);
                }
            }
            return {faults, ...told};
        }, [volume.id, token, simulates]);
        assert.deepEqual(result.faults, [], `${volume.machine} ${volume.volume}`);
        points += result.points;
        sets += result.sets;
        asked += result.asked;
    }
    assert.ok(points > 1000 && sets > 500, `${points} points, ${sets} sets`);
    console.log(`# ${points} points, ${sets} restore sets, ${asked} simulations compared`);
    await reader.close();
});

test('a chain of 5,000 files is asked and drawn within a frame', async () => {
    const reader = await (await Reader.open(browser)).signIn();
    const measured = await reader.page.evaluate(async () => {
        const {Graph} = await import('/page/graph.js');
        const {covers, wouldGo} = await import('/page/retention.js');
        const {Flame} = await import('/page/flame.js');
        const count = 5000, images = [{name: 'C_VOL-b001.spf', bytes: 1e11, written: '2026-01-01T00:00:00Z', kind: 'full', head: 'b001', tail: null, basis: 'named', state: 'present', blast_radius: count}];
        const bars = {lane: [0], tail: [-1], head: [0], strength: [3]};
        const place = (n) => (n ? `b001-i${String(n).padStart(3, '0')}` : 'b001');
        for (let n = 1; n <= count; ++n) {
            const written = new Date(Date.UTC(2026, 0, 1) + n * 3_600_000).toISOString();
            const add = (kind, lane, length, suffix) => {
                images.push({name: `C_VOL-${place(n)}${suffix}.spi`, bytes: 1e8, written, kind, head: place(n), tail: place(n - length), basis: 'named', state: 'present', blast_radius: 1});
                bars.lane.push(lane); bars.tail.push(n - length); bars.head.push(n); bars.strength.push(3);
            };
            add('incremental', 3, 1, '');
            if (n % 24 === 0) add('daily', 2, 24, '-cd');
            if (n % 168 === 0) add('weekly', 1, 168, '-cw');
        }
        const step = Array.from({length: count + 1}, (_, n) => n);
        const chain = {base: 1, images, points: step.map((n) => ({point: place(n), written: null, verdict: 'certain'})), picture: {lanes: ['full', 'weekly', 'daily', 'increments'], vertices: {step, time: null}, bars, points: step, missing: []}};
        const graph = new Graph(chain), covered = covers(graph);
        const flame = new Flame({hover() {}, pick() {}, toggle() {}});
        document.querySelector('main').replaceChildren(flame.element);
        const frame = () => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); });
        await frame();  // the chart learns its width
        const times = [];
        for (let round = 0; round < 20; ++round) {
            await frame();
            const began = performance.now();
            const lost = wouldGo(graph, covered, {intra_daily_days: round + 1, daily_days: 20, weekly_days: 90, monthly_months: 12}, Date.UTC(2026, 6, 20));
            const result = graph.loss(lost);
            const selected = graph.points.length - 1, set = graph.restoreSet(graph.points[selected].vertex, lost, result.after);
            graph.critical(graph.points[selected].vertex, lost, result.after);
            flame.show({graph, lost, selected, set: new Set(set), after: result.after, stranded: new Set(result.stranded), blast: null});
            times.push(performance.now() - began);
        }
        return {median: times.sort((a, b) => a - b)[10], elements: flame.svg.querySelectorAll('*').length};
    });
    // The time depends on the machine, and is told; that elements do not grow with files is what keeps it small.
    console.log(`# what if on 5,000 files: ${measured.median.toFixed(1)} ms, ${measured.elements} elements`);
    assert.ok(measured.elements < 400, `${measured.elements} elements`);
    await reader.close();
});

test('growth is the slope that a few odd days cannot bend, and little data gives no forecast', async () => {
    const reader = await Reader.open(browser);
    const told = await reader.page.evaluate(async () => {
        const {slope, forecast} = await import('/page/growth.js');
        const days = (count, of) => Array.from({length: count}, (_, k) => ({at: Date.UTC(2026, 0, 1 + k), bytes: of(k)}));
        const samples = (count, of) => days(count, of).map(({at, bytes}) => ({at: new Date(at).toISOString(), free_bytes: bytes}));
        const now = Date.UTC(2026, 1, 1);
        return [
            slope(days(30, (k) => k * 1e9)).likely, slope(days(30, (k) => (k % 7 === 3 ? 9e12 : k * 1e9))).likely, slope(days(6, (k) => k * 1e9)), slope(days(7, (k) => k * 1e9)),
            forecast(samples(30, (k) => 1e12 - k * 1e10), 1e11, now), forecast(samples(30, () => 1e12), 1e12, now), forecast(samples(30, (k) => 1e12 - k * 1e6), 1e12, now), forecast(samples(3, () => 1e12), 1e12, now), forecast([], 0, now),
        ];
    });
    assert.equal(told[0], 1e9);
    assert.equal(told[1], 1e9);
    assert.deepEqual([told[2], told[3]], [null, null]);
    assert.match(told[4], /^Full around 11 Feb 2026/);
    assert.match(told[5], /never/);
    assert.match(told[6], /more than ten years/);
    assert.match(told[7], /Not enough data/);
    assert.match(told[8], /Full now/);
    await reader.close();
});
