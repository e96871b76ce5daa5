// What each role is offered.
import assert from 'node:assert/strict';
import { consoleTests } from './support/console_test.mjs';
import { action, jobStatus } from './support/console.mjs';
import { counts, shows } from './support/eventually.mjs';

const test = consoleTests(async (gateway) => {
    await gateway.applyExampleFleet();
    await gateway.ask('anna', 'job/run', { job: 1 }); // its two devices are never online: it stays Running
});

const changes = ['Run', 'Stop', 'Copy', 'Delete', 'Edit', 'Rerun failed', 'Save', 'Edit tags', 'Edit properties'];

async function offered(page) {
    const found = [];
    for (const name of changes) {
        for (const one of [action(page, name), page.getByRole('link', { name, exact: true })]) {
            for (const control of await one.all()) if (await control.isEnabled()) found.push(name);
        }
    }
    if ((await page.getByRole('link', { name: '+ New' }).count()) > 0) found.push('+ New');
    return found;
}

test('A viewer sees every page and is offered no change', async (visit) => {
    const places = {
        '/jobs': ['table', 'Jobs'], '/jobs/1': ['table', 'Devices of the job'], '/devices': ['table', 'Devices'],
        '/devices/depot-fridge-1': ['table', 'Desired and reported values'], '/device-sets': ['table', 'Device sets'],
        '/device-sets/refrigerators': ['table', 'Matching devices'], '/templates/refrigerator': ['table', 'Settings'],
        '/gateway': ['table', 'Counters'],
    };
    for (const [path, [role, name]] of Object.entries(places)) {
        const page = await visit.open(path, { user: 'victor' });
        await page.getByRole(role, { name, exact: true }).locator('tbody tr:not(.skeleton-row)').first().waitFor();
        assert.deepEqual(await offered(page), [], path);
        await page.context().close();
    }
});

test('A41: an operator runs and stops jobs, and is not offered what an admin changes', async (visit) => {
    const page = await visit.open('/jobs/1', { user: 'olga' });
    await shows(jobStatus(page), 'Running');
    await action(page, 'Stop').click();
    await shows(jobStatus(page), 'Stopped');
    await shows(page.getByTestId('job-log'), 'olga stopped it');
    const sets = await visit.open('/device-sets/refrigerators', { user: 'olga' });
    await sets.getByRole('table', { name: 'Matching devices' }).waitFor();
    await counts(action(sets, 'Save'), 0);
    await counts(action(sets, 'Delete'), 0);
});
