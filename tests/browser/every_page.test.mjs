// Every page, looked at: accessibility in light and dark, a phone's width, and pictures for people.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { desktop, phone, screenshotFile } from './support/browser.mjs';
import { consoleTests } from './support/console_test.mjs';
import { action, fillJob, pickerRows, selectAll } from './support/console.mjs';
import { eventually, shows } from './support/eventually.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const jobs = {};

const test = consoleTests(async (gateway) => {
    await gateway.applyExampleFleet();
    await gateway.simulate(60, '--reject', '10', '--seed', '7');
    await gateway.knows(63, 60);
    const save = (name, set, value, more) => gateway.ask('anna', 'job/save', { name, set, type: 'settings', operations: [{ name: 'fanSpeed', value }], ...more });
    jobs.ended = (await save('Summer setting', 'refrigerators', 4, { description: 'All fans one level up.', policy: { offline: 'fail' }, run: true })).job;
    await eventually('the job ends', async () => (await gateway.ask('anna', 'job/get', { job: jobs.ended })).status === 'Failed');
    jobs.running = (await save('Night setting', 'refrigerators', 2, { run: true })).job;
    await eventually('the depot alone is left', async () => (await gateway.ask('anna', 'job/get', { job: jobs.running })).tally.pending === 2);
    jobs.saved = (await save('Oslo, quiet hours', 'oslo-refrigerators', 1)).job;
    await gateway.ask('anna', 'set/put', { set: 'spares', title: 'Spares', template: 'coffee-machine', query: 'reported.cups > 3' });
    // A job that lists a device which was deleted since.
    await gateway.ask('anna', 'device/put', { device: 'scrapped', template: 'refrigerator' });
    jobs.drifted = (await save('Two by name', 'refrigerators', 1, { selection: { devices: ['fridge-02', 'scrapped'] } })).job;
    await gateway.ask('anna', 'device/delete', { device: 'scrapped' });
    // A set whose query names what its template no longer has.
    await gateway.ask('anna', 'template/put', { document: { name: 'kettle', settings: { heat: { schema: { type: 'integer' } } } } });
    await gateway.ask('anna', 'set/put', { set: 'hot-kettles', template: 'kettle', query: 'settings.heat > 3' });
    await gateway.ask('anna', 'template/put', { document: { name: 'kettle', settings: {} } });
});

// What stands where, once the page is whole.
const pages = {
    jobs: { path: () => '/jobs', ready: (page) => shows(page.getByRole('table', { name: 'Jobs' }), 'Night setting') },
    'job-new-empty': { path: () => '/jobs/new', ready: (page) => shows(page.getByRole('heading', { level: 1 }), 'New job') },
    'job-new': { path: () => '/jobs/new', ready: async (page) => {
        await fillJob(page, { name: 'Fans for the summer', set: 'refrigerators', value: '4' });
        await pickerRows(page).first().waitFor();
        await selectAll(page);
        await action(page, 'Plan').click();
        await shows(page.getByTestId('plan'), '62 devices');
    } },
    'job-new-refused': { path: () => '/jobs/new', ready: async (page) => {
        await action(page, 'Run').click();
        await page.getByTestId('refused').waitFor();
    } },
    'job-running': { path: () => `/jobs/${jobs.running}`, ready: (page) => shows(page.getByRole('table', { name: 'Devices of the job' }), 'depot-fridge-1') },
    'job-ended': { path: () => `/jobs/${jobs.ended}`, ready: async (page) => {
        await shows(page.getByTestId('failure-groups'), /offline/i);
        await shows(page.getByRole('table', { name: 'Devices of the job' }), 'fridge-');
        await shows(page.getByTestId('job-log'), 'ended');
    } },
    'job-saved': { path: () => `/jobs/${jobs.saved}`, ready: (page) => shows(page.getByRole('region', { name: 'Details' }), 'oslo-refrigerators') },
    'job-edit': { path: () => `/jobs/${jobs.saved}/edit`, ready: (page) => pickerRows(page).first().waitFor() },
    'job-new-commands': { path: () => '/jobs/new', ready: async (page) => {
        await page.getByRole('combobox', { name: 'Device set' }).selectOption('refrigerators');
        await page.getByRole('combobox', { name: 'Job type' }).selectOption('Commands');
        for (const [index, command] of ['defrost', 'selfTest'].entries()) {
            await action(page, 'Add operation').click();
            await page.getByRole('combobox', { name: `Command ${index + 1}` }).selectOption(command);
        }
        await pickerRows(page).first().waitFor();
    } },
    'job-new-broken-set': { path: () => '/jobs/new', ready: async (page) => {
        await page.getByRole('combobox', { name: 'Device set' }).selectOption('hot-kettles');
        await page.getByTestId('broken-set').waitFor();
    } },
    'job-edit-drift': { path: () => `/jobs/${jobs.drifted}/edit`, ready: (page) => shows(page.getByTestId('drift-deleted'), 'scrapped') },
    'job-delete-dialog': { path: () => `/jobs/${jobs.ended}`, ready: async (page) => {
        await action(page, 'Delete').click();
        await page.getByRole('dialog').waitFor();
    } },
    'job-rerun-dialog': { path: () => `/jobs/${jobs.ended}`, ready: async (page) => {
        await action(page, 'Rerun failed').click();
        await page.getByRole('dialog').waitFor();
    } },
    devices: { path: () => '/devices', ready: (page) => shows(page.getByRole('table', { name: 'Devices' }), 'fridge-01') },
    device: { path: () => '/devices/fridge-01', ready: (page) => shows(page.getByRole('table', { name: 'Jobs of this device' }), 'Night setting') },
    'device-unknown': { path: () => '/devices/nobody', answers: [404], ready: (page) => shows(page.getByRole('main'), 'There is no device nobody') },
    'device-sets': { path: () => '/device-sets', ready: (page) => shows(page.getByRole('table', { name: 'Device sets' }), 'All refrigerators') },
    'device-set': { path: () => '/device-sets/oslo-refrigerators', ready: (page) => shows(page.getByRole('table', { name: 'Matching devices' }), 'fridge-') },
    'device-set-mistake': { path: () => '/device-sets/new', ready: async (page) => {
        await page.getByRole('combobox', { name: 'Template' }).selectOption('refrigerator');
        await page.getByRole('textbox', { name: 'Query' }).fill('tags.site = "oslo"');
        await page.getByTestId('query-error').waitFor();
    } },
    templates: { path: () => '/templates', ready: (page) => shows(page.getByRole('main'), 'refrigerator') },
    template: { path: () => '/templates/refrigerator', ready: (page) => shows(page.getByRole('table', { name: 'Settings' }), 'fanSpeed') },
    'template-edit': { path: () => '/templates/refrigerator', ready: async (page) => {
        await action(page, 'Edit').click();
        await page.getByRole('textbox', { name: 'Template as YAML' }).waitFor();
    } },
    gateway: { path: () => '/gateway', ready: async (page) => {
        await shows(page.getByTestId('readiness'), 'ready');
        await shows(page.getByRole('table', { name: 'Audit log' }), 'job/run');
    } },
    'not-found': { path: () => '/nowhere', ready: (page) => page.getByRole('main').getByRole('heading').waitFor() },
};

async function violations(page) {
    await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`));
}

// Drawn anew after a change of scheme or size, with no colour still on its way.
async function settled(page) {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => undefined))));
}

// In light and dark, at both widths: what a reader cannot use, and what does not fit.
async function lookAt(page, name) {
    const wrong = [];
    for (const colorScheme of ['light', 'dark']) {
        for (const [size, viewport] of Object.entries({ desktop, phone })) {
            await page.emulateMedia({ colorScheme });
            await page.setViewportSize(viewport);
            await page.evaluate(() => scrollTo(0, 0));
            await settled(page);
            const width = await page.evaluate(() => document.documentElement.scrollWidth);
            if (width > viewport.width) wrong.push(`${name}, ${size}: ${width} px wide`);
            wrong.push(...(await violations(page)).map((text) => `${name}, ${size}, ${colorScheme}: ${text}`));
            await page.screenshot({ path: screenshotFile(`${name}-${size}-${colorScheme}`) });
        }
    }
    return wrong;
}

async function look(visit, names) {
    const wrong = [];
    for (const name of names) {
        const { path, ready, answers = [] } = pages[name];
        const page = await visit.open(path(), { answers });
        await ready(page);
        wrong.push(...(await lookAt(page, name)));
        await page.context().close();
    }
    assert.deepEqual(wrong, []);
}

const isOfJobs = (name) => name.startsWith('job');

test('the pages of jobs pass axe (WCAG 2.1 AA) and fit, on desktop and phone, in light and dark', async (visit) =>
    look(visit, Object.keys(pages).filter(isOfJobs)));

test('all other pages pass axe (WCAG 2.1 AA) and fit, on desktop and phone, in light and dark', async (visit) =>
    look(visit, Object.keys(pages).filter((name) => !isOfJobs(name))));

test('the banner of a lost connection passes axe and fits, on desktop and phone, in light and dark', async (visit, gateway) => {
    const page = await visit.open('/jobs', { mayLoseConnection: true });
    await pages.jobs.ready(page);
    await gateway.killDaemon();
    await page.getByTestId('connection-lost').waitFor();
    const wrong = await lookAt(page, 'connection-lost');
    await gateway.startDaemon();
    assert.deepEqual(wrong, []);
});

test('the sign-in page passes axe, says why it is there, and lets a token in', async (visit, gateway) => {
    const page = await visit.open('/jobs');
    await page.getByRole('button', { name: 'Sign out' }).click();
    const token = page.getByLabel('Or paste a token');
    await token.waitFor();
    assert.deepEqual(await violations(page), []);
    await page.screenshot({ path: screenshotFile('sign-in-desktop-light') });
    await token.fill(await gateway.token('anna'));
    await action(page, 'Sign in').click();
    await shows(page.getByRole('table', { name: 'Jobs' }), 'Summer setting');
    assert.ok(!page.url().includes('token'), 'no token in the address');
});
