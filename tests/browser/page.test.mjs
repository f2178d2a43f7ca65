// What readers do with the local page. One browser, one agent; cases build on nothing of each other but the order of the last ones.
import {test, before, after} from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {Reader, base, launch, token} from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

const wrong = `imc_${'A'.repeat(38)}`;

async function volumes(reader) {
    return (await reader.get('/v1/volumes?limit=1000')).items;
}

async function brokenVolume(reader) {
    return (await volumes(reader)).find((volume) => volume.verdict === 'broken' && volume.machine === 'APP02');
}

test('a wrong token is refused in words, and one that is no token is not even sent', async () => {
    const reader = await Reader.open(browser);
    const {page} = reader;
    await page.fill('#token', 'let me in');
    await page.click('button.primary');
    await page.waitForFunction(() => document.getElementById('why').textContent.includes('imc_'));
    assert.ok(!reader.requests.some((url) => url.includes('/v1/')));
    await page.fill('#token', wrong);
    await page.click('button.primary');
    await page.waitForFunction(() => document.getElementById('why').textContent.includes('does not know'));
    assert.ok(await page.isHidden('#bar'));
    await reader.accessible('sign-in');
    await reader.picture('sign-in');
    await reader.close((fault) => fault.includes('401'));
});

test('the brand is the configured one, in text and in colour', async () => {
    const reader = await Reader.open(browser);
    assert.ok((await reader.page.title()).endsWith('Acme <Backup> & Co'));
    assert.equal(await reader.page.textContent('main h1'), 'Acme <Backup> & Co');
    assert.equal(await reader.page.evaluate(() => getComputedStyle(document.querySelector('button.primary')).backgroundColor), 'rgb(122, 31, 107)');
    await reader.close();
});

test('the token stays in memory: nothing is stored, and a reload asks for it again', async () => {
    const reader = await (await Reader.open(browser)).signIn();
    const stored = await reader.page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length, location.href]);
    assert.deepEqual(stored.slice(0, 3), ['', 0, 0]);
    assert.ok(!stored[3].includes('imc_'));
    assert.ok(!reader.requests.some((url) => url.includes('imc_')));
    await reader.page.reload();
    await reader.page.waitForSelector('#token');
    assert.ok(await reader.page.isHidden('#bar'));
    await reader.close();
});

test('a browser is held by the policy: no script, style or frame from elsewhere, no markup out of text', async () => {
    const reader = await Reader.open(browser);
    const refused = await reader.page.evaluate(async () => {
        const tried = [];
        for (const [what, attempt] of [
            ['markup', () => { document.getElementById('live').innerHTML = '<b>x</b>'; }],
            ['code', () => { document.createElement('script').text = 'window.ran = true'; }],
        ]) {
            try {
                attempt();
                tried.push(`${what} was taken`);
            } catch (error) {
                tried.push(error.name);
            }
        }
        const violation = new Promise((resolve) => document.addEventListener('securitypolicyviolation', (event) => { if (event.effectiveDirective === 'img-src') resolve('img-src'); }));
        const image = document.createElement('img');
        image.src = 'https://elsewhere.invalid/x.png';
        document.body.append(image);
        tried.push(await violation);
        return tried;
    });
    assert.deepEqual(refused, ['TypeError', 'TypeError', 'img-src']);
    await reader.close((fault) => /Trusted|Content Security Policy/.test(fault), (url) => url.includes('elsewhere.invalid'));
});

test('in under a minute: from the overview to the file to bring back and the points that are lost until then', async () => {
    const reader = await (await Reader.open(browser)).signIn();
    const {page} = reader;
    await page.waitForFunction(() => /critical problems? to act on/.test(document.querySelector('.headline').textContent));
    const finding = page.locator('.finding.critical', {hasText: 'APP02'}).first();
    const name = await finding.locator('.bring code').first().textContent();
    await finding.getByRole('link', {name: 'Show the chain'}).click();
    await page.waitForSelector('.bring-back');
    assert.equal(await page.textContent('.bring-back code'), name);
    assert.match(await page.textContent('.bring-back'), /Until then 3 restore points cannot be restored/);
    assert.match(await page.textContent('.point.panel'), /bring back this file/);
    await page.click('.bring-back .file button');
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), name);
    await reader.close();
});

test('the overview shows every volume, filters them, and is live', async () => {
    const reader = await (await Reader.open(browser)).signIn();
    const {page} = reader, all = await volumes(reader);
    await page.waitForSelector('.customer');
    assert.equal(await page.locator('.customer tbody tr').count(), all.length);
    await page.waitForSelector('.live.on');
    await page.fill('input[type=search]', 'exch01');
    assert.equal(await page.locator('.customer tbody tr').count(), all.filter((v) => v.machine === 'EXCH01').length);
    await page.fill('input[type=search]', '');
    await page.check('input[type=checkbox]');
    assert.equal(await page.locator('.customer tbody tr').count(), all.filter((v) => ['critical', 'warning'].includes(v.severity)).length);
    assert.match(await page.textContent('.support'), /555 0100/);
    await reader.close();
});

test('a point is chosen with keys alone; its files are those of the agent and can be copied', async () => {
    const reader = await (await Reader.open(browser)).signIn();
    const {page} = reader, volume = await brokenVolume(reader);
    await reader.go(`volume/${volume.id}`);
    const chart = page.getByRole('slider', {name: 'Restore point'});
    await chart.focus();
    assert.match(await chart.getAttribute('aria-valuetext'), /broken/);
    for (let k = 0; k < 3; ++k) await page.keyboard.press('ArrowLeft');
    const [point] = (await chart.getAttribute('aria-valuetext')).split(',');
    assert.equal(point, volume.newest_restorable_point);
    const set = await reader.get(`/v1/volumes/${volume.id}/points/${point}/restore-set`);
    const names = await page.locator('.point.panel tbody code').allTextContents();
    assert.deepEqual([...names].reverse(), set.files.map((file) => file.name));
    await page.getByRole('button', {name: 'Copy the list'}).click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), set.files.map((file) => file.name).join('\n'));
    await chart.focus();
    await page.keyboard.press('Home');
    assert.match(await chart.getAttribute('aria-valuetext'), /^b001,/);
    await page.keyboard.press('n');
    assert.match(await chart.getAttribute('aria-valuetext'), /broken/);
    await page.keyboard.press('+');
    await page.keyboard.press('0');
    await reader.close();
});

test('from signing in to what if, with the keyboard alone', async () => {
    const reader = await Reader.open(browser);
    const {page} = reader;
    const press = async (key, times = 1) => { for (let k = 0; k < times; ++k) await page.keyboard.press(key); };
    const until = async (what, most = 150) => {
        for (let k = 0; k < most; ++k) {
            if (await page.evaluate(what)) return;
            await press('Tab');
        }
        assert.fail(`no key leads to ${what}`);
    };
    await page.keyboard.type(token);
    await press('Enter');
    await page.waitForSelector('.finding');
    await until(`document.activeElement.closest('.finding')?.textContent.includes('APP02') && document.activeElement.matches('a')`);
    await press('Enter');
    await page.waitForSelector('.bring-back');
    await until(`document.activeElement.matches('.chart')`);
    await press('ArrowLeft', 3);
    await until(`document.activeElement.dataset.key?.startsWith('lose ')`);
    await press('Enter');
    await page.waitForSelector('.what-if .result');
    assert.match(await page.textContent('.what-if .result'), /would be lost/);
    await until(`document.activeElement.dataset.key === 'daily_days'`);
    await press('ArrowLeft', 5);
    await until(`document.activeElement.dataset.key === 'reset'`);
    await press('Enter').catch(() => {});
    await reader.close();
});

test('what if: losing files and moving retention answers at once, and as the agent would', async () => {
    const reader = await (await Reader.open(browser)).signIn();
    const {page} = reader, volume = (await volumes(reader)).find((v) => v.machine === 'SRV-FILES' && v.volume === 'E_VOL');
    await reader.go(`volume/${volume.id}`);
    const button = page.locator('.point.panel tbody button').nth(3);
    const name = (await button.getAttribute('data-key')).replace('lose ', '');
    await button.click();
    const says = await page.textContent('.what-if .result');
    const chain = (await reader.get(`/v1/volumes/${volume.id}/chain?restore_sets=false`)).chains[0];
    const radius = chain.images.find((image) => image.name === name).blast_radius;
    assert.match(says, radius ? new RegExp(`^${radius} restore point`) : /No restore point/);
    assert.ok(await page.locator('.chip').count() === 1);
    await page.getByRole('button', {name: 'Back to what is'}).click();
    assert.equal(await page.locator('.what-if .result').count(), 0);
    await page.locator('.what-if input[type=range]').first().fill('1');
    assert.match(await page.textContent('.what-if .answer'), /would go/);
    assert.ok(!/deleted|removed/i.test(await page.textContent('.what-if .answer')));
    await page.getByRole('button', {name: 'Back to what is'}).click();
    // A click on a bar is the same as its button.
    const box = await page.locator('.chart').boundingBox();
    await page.mouse.click(box.x + 112, box.y + 14);
    assert.match(await page.textContent('.what-if .result'), /restore points would be lost, 0 would be left/);
    await reader.picture('what-if');
    await reader.close();
});

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

test('the agent foresees when points would end, and picture and restore set can be taken along', async () => {
    const reader = await (await Reader.open(browser)).signIn();
    const {page} = reader, volume = (await volumes(reader)).find((v) => v.machine === 'SRV-FILES' && v.volume === 'E_VOL');
    await reader.go(`volume/${volume.id}`);
    await page.locator('.chart').focus();
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(() => /Would end\s*on \d/.test(document.querySelector('.point.panel').textContent));
    const later = await page.textContent('.point.panel .facts');
    await page.locator('.what-if input[type=range]').first().fill('60');
    await page.waitForFunction((before) => document.querySelector('.point.panel .facts').textContent !== before, later);
    const taken = async (name) => {
        const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', {name}).click()]);
        return fs.readFileSync(await download.path(), 'utf8');
    };
    assert.match(await taken('Picture (SVG)'), /<svg /);
    assert.match(await taken('Restore set (DOT)'), /^digraph /);
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

test('names of files are text, whatever they hold', async () => {
    const reader = await (await Reader.open(browser)).signIn();
    const name = process.env.IMC_HOSTILE, volume = (await volumes(reader)).find((v) => v.volume === name);
    assert.ok(volume, 'the volume is told as it is');
    await reader.go(`volume/${volume.id}`);
    // What turns text around is shown instead of done.
    assert.ok((await reader.page.textContent('h1')).includes(name.replace('\u202e', '[U+202E]')));
    assert.equal(await reader.page.locator('main img').count(), 0);
    await reader.go('findings');
    assert.equal(await reader.page.locator('main img').count(), 0);
    await reader.close();
});

test('whoever may only read is offered nothing else', async () => {
    const reader = await (await Reader.open(browser)).signIn(process.env.IMC_READER);
    assert.ok(await reader.page.getByRole('button', {name: 'Look now'}).isHidden());
    await reader.go('unmanaged');
    assert.equal(await reader.page.getByRole('button', {name: /^Adopt/}).count(), 0);
    assert.match(await reader.page.textContent('main'), /scope operate/);
    await reader.close();
});

for (const [width, height] of [[360, 780], [1920, 1080]]) {
    for (const scheme of ['light', 'dark']) {
        test(`every page fits ${width} px and is accessible, ${scheme}`, async () => {
            const reader = await (await Reader.open(browser, {width, height, scheme})).signIn();
            const volume = await brokenVolume(reader), calls = (await reader.get('/page/about.json')).calls;
            const pages = ['', 'findings', 'folders', `folder/${volume.folder_id}`, `volume/${volume.id}`, 'unmanaged', ...(calls.includes('GET v1/reports') ? ['reports'] : []), ...(calls.includes('GET v1/logs') ? ['logs'] : [])];
            for (const hash of pages) {
                await reader.go(hash);
                if (hash.startsWith('volume')) {
                    await reader.page.locator('.chart').focus();
                    for (let k = 0; k < 3; ++k) await reader.page.keyboard.press('ArrowLeft');
                    await reader.page.locator('.point.panel tbody button').nth(2).click();
                }
                const what = `${hash.split('/')[0] || 'overview'}-${width}-${scheme}`;
                await reader.fits(what);
                await reader.accessible(what);
                await reader.picture(what);
            }
            await reader.close();
        });
    }
}

test('the chart is moved, zoomed and brushed with a pointer', async () => {
    const reader = await (await Reader.open(browser)).signIn();
    const {page} = reader, volume = await brokenVolume(reader);
    await reader.go(`volume/${volume.id}`);
    const window = () => page.locator('.minimap .window').evaluate((element) => [Number(element.getAttribute('x')), Number(element.getAttribute('width'))]);
    const [, whole] = await window(), chart = await page.locator('.chart').boundingBox(), map = await page.locator('.minimap-frame').boundingBox();
    await page.locator('.chart').focus();
    await page.mouse.move(chart.x + chart.width / 2, chart.y + 60);
    await page.mouse.wheel(0, -600);
    await page.waitForTimeout(100);
    const [x, zoomed] = await window();
    assert.ok(zoomed < whole * 0.8, `${zoomed} of ${whole}`);
    await page.mouse.down();
    await page.mouse.move(chart.x + chart.width / 2 + 150, chart.y + 60, {steps: 5});
    await page.mouse.up();
    const [moved, same] = await window();
    assert.ok(moved < x && Math.abs(same - zoomed) < 1);
    await page.getByRole('button', {name: 'Show all'}).click();
    assert.ok(Math.abs((await window())[1] - whole) < 1);
    await page.mouse.move(map.x + map.width * 0.6, map.y + 15);
    await page.mouse.down();
    await page.mouse.move(map.x + map.width * 0.8, map.y + 15, {steps: 4});
    await page.mouse.up();
    assert.ok((await window())[1] < whole * 0.3);
    await page.selectOption('[data-key=axis]', 'time');
    await page.selectOption('[data-key=axis]', 'number');
    await reader.close();
});

test('an unmanaged folder is adopted, appears among the folders and is gone from the list', async () => {
    const reader = await (await Reader.open(browser)).signIn();
    const {page} = reader;
    await reader.go('unmanaged');
    const path = await page.textContent('.card h2');
    await page.getByRole('button', {name: `Adopt ${path}`}).click();
    await page.fill('form.adopt input[name=customer]', 'Acme');
    await page.getByRole('button', {name: 'Watch this folder'}).click();
    await page.waitForFunction((text) => document.getElementById('toast').textContent.includes(text), path);
    await page.waitForFunction((text) => ![...document.querySelectorAll('.card h2')].some((card) => card.textContent === text), path);
    await reader.go('folders');
    assert.ok((await page.textContent('main')).includes(path));
    await page.getByRole('link', {name: path, exact: true}).click();
    await page.waitForFunction((text) => document.querySelector('h1')?.textContent === text, path);
    await page.getByRole('button', {name: 'Release'}).click();
    await page.getByRole('button', {name: 'Release for certain'}).click();
    await page.waitForFunction(() => location.hash === '#/folders');
    await reader.close();
});

test('a file that goes is seen without a reload: the page hears of it, and tells what to bring back', async () => {
    const reader = await (await Reader.open(browser)).signIn();
    const {page} = reader, name = process.env.IMC_WEEKLY.split('/').pop();
    await page.waitForSelector('.live.on');
    fs.renameSync(process.env.IMC_WEEKLY, `${process.env.IMC_WEEKLY}.away`);
    await page.getByRole('button', {name: 'Look now'}).click();
    const finding = page.locator('.finding.critical', {hasText: name}).first();
    await finding.waitFor();
    await finding.getByRole('link', {name: 'Show the chain'}).click();
    await page.waitForSelector('.bring-back');
    assert.ok((await page.textContent('.bring-back')).includes(name));
    await reader.picture('weekly-lost');
    fs.renameSync(`${process.env.IMC_WEEKLY}.away`, process.env.IMC_WEEKLY);
    await page.getByRole('button', {name: 'Look now'}).click();
    await page.waitForFunction(() => !document.querySelector('.bring-back'));
    await reader.close();
});

test('signing out forgets the token at once', async () => {
    const reader = await (await Reader.open(browser)).signIn();
    await reader.page.getByRole('button', {name: 'Sign out'}).click();
    await reader.page.waitForSelector('#token');
    const before = reader.requests.length;
    await reader.page.waitForTimeout(500);
    assert.equal(reader.requests.length, before);
    assert.ok(!(await reader.page.textContent('body')).includes('APP02'));
    await reader.close();
});
