// Who gets in, what is kept of that, and what the page must not do.
import {test, before, after} from 'node:test';
import assert from 'node:assert/strict';
import {Reader, launch, volumes} from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

const wrong = `imc_${'A'.repeat(38)}`;

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
