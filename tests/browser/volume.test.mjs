// A volume: its chart, a point and its files, and what would be.
import {test, before, after} from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {Reader, brokenVolume, launch, token, volumes} from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

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

test('what room would take: which files would go, in which order, as the agent says; nothing sounds as if it were done', async () => {
    const reader = await (await Reader.open(browser)).signIn();
    const {page} = reader, volume = (await volumes(reader)).find((v) => v.machine === 'SRV-FILES' && v.volume === 'E_VOL');
    await reader.go(`volume/${volume.id}`);
    const asked = page.waitForResponse((response) => response.url().endsWith('/simulate') && response.request().postData().includes('within_bytes'));
    await page.locator('[data-key=room]').fill('96');
    const told = await (await asked).json();
    await page.waitForSelector('.order');
    assert.deepEqual(await page.locator('.order code').allTextContents(), told.files.slice(0, 12).map((file) => file.name));
    const says = await page.textContent('.what-if .answer');
    assert.match(says, /would have to go/);
    assert.match(says, new RegExp(`${told.points_lost} restore points? would be lost`));
    assert.ok(!/deleted|removed/i.test(says));
    // Retention is another question.
    await page.locator('.what-if input[type=range]').first().fill('1');
    await page.waitForFunction(() => !document.querySelector('.order'));
    assert.match(await page.locator('[data-key=room]').getAttribute('aria-valuetext'), /all there is/);
    await page.getByRole('button', {name: 'Back to what is'}).click();
    assert.equal(await page.locator('.what-if .result').count(), 0);
    await reader.close();
});
