// Chromium with one reader in it, who notes everything that a page must not do.
import {createRequire} from 'node:module';
import fs from 'node:fs';
import assert from 'node:assert/strict';
import {chromium} from 'playwright-core';

const require = createRequire(import.meta.url);
const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const base = process.env.IMC_URL;
export const token = process.env.IMC_TOKEN;
const pictures = process.env.IMC_BROWSER_PICTURES;

export const launch = () => chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

export const volumes = async (reader) => (await reader.get('/v1/volumes?limit=1000')).items;
export const volumeOf = async (reader, machine, name) => (await volumes(reader)).find((volume) => volume.machine === machine && volume.volume === name);
export const brokenVolume = (reader) => volumeOf(reader, 'APP02', 'C_VOL');
export const folderOf = async (reader, end) => (await reader.get('/v1/folders?limit=1000')).items.find((folder) => folder.path.endsWith(end));

export class Reader {
    static async open(browser, {width = 1920, height = 1080, scheme = 'light', touch = false} = {}) {
        const reader = new Reader();
        reader.context = await browser.newContext({viewport: {width, height}, colorScheme: scheme, ignoreHTTPSErrors: true, hasTouch: touch, reducedMotion: 'reduce'});
        await reader.context.grantPermissions(['clipboard-read', 'clipboard-write'], {origin: base});
        reader.page = await reader.context.newPage();
        reader.page.setDefaultTimeout(30_000);
        reader.faults = [];
        reader.requests = [];
        reader.page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) reader.faults.push(`console: ${message.text()} ${message.location().url}`); });
        reader.page.on('pageerror', (error) => reader.faults.push(`error: ${error.stack}`));
        reader.page.on('dialog', (dialog) => { reader.faults.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
        reader.context.on('request', (request) => reader.requests.push(request.url()));
        await reader.page.goto(base + '/');
        await reader.page.waitForSelector('#token');
        return reader;
    }

    async signIn(secret = token) {
        await this.page.fill('#token', secret);
        await this.page.click('button.primary');
        await this.page.waitForSelector('#bar:not([hidden])');
        await this.page.waitForSelector('main h1');
        return this;
    }

    async go(hash) {
        await this.page.evaluate((to) => { location.hash = to; }, `#/${hash}`);
        await this.page.waitForFunction(() => document.querySelector('main h1') && !document.querySelector('main > .empty:only-child'));
        await this.page.waitForTimeout(150);
    }

    get(target) {
        return this.page.evaluate(async ([path, secret]) => (await fetch(path, {headers: {Authorization: `Bearer ${secret}`}})).json(), [target, token]);
    }

    async accessible(what) {
        const found = await this.page.evaluate(`${axeSource}; axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 4).map((n) => n.html.slice(0, 160) + ' | ' + n.failureSummary).join('\\n')))`);
        assert.deepEqual(found, [], `${what}: axe`);
    }

    async fits(what) {
        const [wide, room] = await this.page.evaluate(() => [document.scrollingElement.scrollWidth, document.documentElement.clientWidth]);
        assert.ok(wide <= room, `${what}: ${wide} px of content in ${room} px`);
    }

    async picture(name) {
        if (pictures) await this.page.screenshot({path: `${pictures}/${name}.png`, fullPage: true});
    }

    async close(allowed = () => false, refused = () => false) {
        const faults = this.faults.filter((fault) => !allowed(fault));
        const elsewhere = this.requests.filter((url) => !url.startsWith(base + '/') && !url.startsWith('blob:' + base) && !refused(url));
        await this.context.close();
        assert.deepEqual(faults, []);
        assert.deepEqual(elsewhere, []);
    }
}
