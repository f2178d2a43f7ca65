// From the first page to what is to be done; changes appear by themselves.
import {test, before, after} from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {Reader, launch, volumes} from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

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
