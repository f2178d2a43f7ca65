// Every page on the real answers of the demo, at both sizes, light and dark.
import {test, before, after} from 'node:test';
import assert from 'node:assert/strict';
import {Reader, brokenVolume, folderOf, launch, volumeOf} from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

// The pages of one agent, by the names of their pictures.
async function pages(reader) {
    const day = (await reader.get('/v1/reports?limit=1')).items[0].date, log = (await reader.get('/v1/logs?limit=1')).items[0].id;
    const volume = await brokenVolume(reader), damaged = await volumeOf(reader, 'TILL-01', 'Journal_VOL');
    return {
        overview: '', findings: 'findings', folders: 'folders', folder: `folder/${(await folderOf(reader, '/Acme/SRV-SQL')).id}`, recorded: `folder/${(await folderOf(reader, '/SRV-ERP')).id}`, store: `folder/${(await folderOf(reader, '/store')).id}`,
        volume: `volume/${volume.id}`, damaged: `volume/${damaged.id}`, unmanaged: 'unmanaged', reports: 'reports', day: `reports/${day}`, logs: 'logs', log: `logs/${log}`,
    };
}

for (const [width, height] of [[360, 780], [1920, 1080]]) {
    for (const scheme of ['light', 'dark']) {
        test(`every page fits ${width} px and is accessible, ${scheme}`, async () => {
            const reader = await (await Reader.open(browser, {width, height, scheme})).signIn();
            for (const [name, hash] of Object.entries(await pages(reader))) {
                await reader.go(hash);
                if (name === 'volume') {
                    await reader.page.locator('.chart').focus();
                    for (let k = 0; k < 3; ++k) await reader.page.keyboard.press('ArrowLeft');
                    await reader.page.locator('.point.panel tbody button').nth(2).click();
                }
                const what = `${name}-${width}-${scheme}`;
                await reader.fits(what);
                await reader.accessible(what);
                await reader.picture(what);
            }
            await reader.close();
        });
    }
}

test('a damaged image is told with what hangs on it, and how far the comparison got', async () => {
    const reader = await (await Reader.open(browser)).signIn();
    const {page} = reader, volume = await volumeOf(reader, 'TILL-01', 'Journal_VOL');
    const finding = (await reader.get(`/v1/findings?code=image_damaged`)).items.find((one) => one.volume_id === volume.id);
    const name = /Journal_VOL-b001-i\d+\.spi/.exec(finding.says)[0];
    const card = page.locator('.finding.critical', {hasText: name}).first();
    await card.getByRole('link', {name: 'Show the chain'}).click();
    await page.waitForSelector('.bring-back');
    assert.equal(await page.textContent('.bring-back code'), name);
    assert.match(await page.textContent('.bring-back'), /Until then \d+ restore points cannot be restored/);
    assert.match(await page.textContent('.facts'), /damaged images/);
    assert.match(await page.textContent('.facts'), /\d+ good, 1 damaged/);
    await reader.close();
});

test('a folder shows its policies, what waits for its targets and who watches it', async () => {
    const reader = await (await Reader.open(browser)).signIn();
    const {page} = reader, folder = await reader.get(`/v1/folders/${(await folderOf(reader, '/Acme/SRV-SQL')).id}`);
    const [target] = folder.records.targets;
    assert.ok(target.queued > 0);
    await reader.go(`folder/${folder.id}`);
    const row = page.locator('tr', {hasText: 'ftp://dr.example.net/acme'});
    assert.match((await row.textContent()).replace(/[,\u202f\u00a0]/g, ''), new RegExp(`FTP${target.queued}`));
    assert.match(await page.locator('tr', {hasText: 'Dailies'}).textContent(), /15 days.*oldest \d+ days, older ones removed/);
    assert.match(await page.textContent('.facts'), /Watched by\s*configuration/);
    assert.ok(!(await page.textContent('main')).includes('of which no file is there'));
    await reader.go(`folder/${(await folderOf(reader, '/SRV-ERP')).id}`);
    assert.match(await page.textContent('.facts'), /Watched by\s*ImageManager/);
    await reader.go(`folder/${(await folderOf(reader, '/store')).id}`);
    assert.equal(await page.locator('table', {hasText: 'HV01'}).locator('tbody tr').count(), 3);
    await reader.close();
});

test('a day before the first look shows what ImageManager told, and no zeros for what nobody saw', async () => {
    const reader = await (await Reader.open(browser)).signIn();
    const {page} = reader, days = (await reader.get('/v1/reports?limit=3')).items;
    assert.ok(days[1].imagemanager.consolidated > 0);
    await reader.go('reports');
    const before = page.locator('tbody tr').nth(1);
    assert.equal(await before.locator('td').first().textContent(), '\u2013');
    assert.match(await before.textContent(), new RegExp(`${days[1].imagemanager.consolidated} consolidated`));
    await before.getByRole('link').click();
    await page.waitForFunction((said) => document.querySelector('tr.sum')?.textContent.includes(said), `${days[1].imagemanager.consolidated} consolidated`);
    await page.getByRole('link', {name: /Day after/}).click();
    await page.waitForSelector('.entries');
    assert.match(await page.textContent('.entries'), /the target cannot be reached/);
    const severities = await page.locator('.finding').evaluateAll((cards) => cards.map((card) => ['critical', 'warning', 'info'].findIndex((one) => card.classList.contains(one))));
    assert.deepEqual(severities, [...severities].sort());
    await reader.close();
});

test('a log opens at its end, and is searched', async () => {
    const reader = await (await Reader.open(browser)).signIn();
    const {page} = reader;
    await reader.go('logs');
    await page.getByRole('link', {name: 'ImageManager.log'}).click();
    await page.waitForSelector('.log li');
    assert.ok(await page.locator('.log').evaluate((list) => list.scrollTop + list.clientHeight >= list.scrollHeight - 2));
    const all = await page.locator('.log li').count();
    await page.fill('input[type=search]', 'APP02');
    const fits = await page.locator('.log li').count();
    assert.ok(fits > 0 && fits < all, `${fits} of ${all}`);
    await reader.close();
});
