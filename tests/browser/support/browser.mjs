// Chromium, and pages that report what a person would not see: errors, refused content, broken requests.
import { chromium } from 'playwright-core';
import { join } from 'node:path';
import { patienceMs } from './eventually.mjs';

export const desktop = { width: 1280, height: 800 };
export const phone = { width: 375, height: 812 };

export const screenshotFile = (name) => join(process.env.MUSTER_SCREENSHOTS, `${name}.png`);

export function launch() {
    return chromium.launch({
        executablePath: process.env.MUSTER_CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
}

// What a page may not do. A refusal (400, 409, 412) is an answer; the browser writes an error about it all the same.
function watch(page, faults, { mayLoseConnection, answers }) {
    page.on('pageerror', (error) => faults.push(`error: ${error.stack}`));
    page.on('console', (message) => {
        const refusal = message.text().startsWith('Failed to load resource:');
        if (message.type() === 'error' && !refusal) faults.push(`console: ${message.text()}`);
    });
    page.on('response', (response) => {
        const status = response.status();
        if (status >= 400 && ![400, 409, 412, ...answers].includes(status) && !mayLoseConnection) faults.push(`${status} ${response.url()}`);
    });
    page.on('requestfailed', (request) => {
        const cause = request.failure()?.errorText ?? '';
        if (!cause.includes('ERR_ABORTED') && !mayLoseConnection) faults.push(`${cause} ${request.url()}`);
    });
}

// The pages of one test.
export class Visit {
    #contexts = [];
    faults = [];

    constructor(browser, gateway) {
        this.browser = browser;
        this.gateway = gateway;
    }

    // A signed-in page of the console; `answers` are statuses that the test provokes.
    async open(path, { user = 'anna', viewport = desktop, colorScheme = 'light', mayLoseConnection = false, answers = [] } = {}) {
        const context = await this.browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce', acceptDownloads: true });
        this.#contexts.push(context);
        context.setDefaultTimeout(patienceMs);
        const page = await context.newPage();
        watch(page, this.faults, { mayLoseConnection, answers });
        await page.goto(`${this.gateway.address}${path}#token=${await this.gateway.token(user)}`);
        return page;
    }

    async picture(name) {
        const pages = this.#contexts.flatMap((context) => context.pages());
        await Promise.all(pages.map((page, index) => page.screenshot({ path: screenshotFile(`${name}-${index + 1}`), fullPage: true })));
    }

    async close() {
        await Promise.all(this.#contexts.map((context) => context.close()));
    }
}
