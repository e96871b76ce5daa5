// A job that runs, is stopped, runs again, is copied and rerun, on devices whose every answer the test gives.
import assert from 'node:assert/strict';
import { consoleTests } from './support/console_test.mjs';
import { action, download, executionRow, fillJob, jobOf, jobRow, jobStatus, pickerRows, selectAll, showsTally } from './support/console.mjs';
import { csvRecords } from './support/csv.mjs';
import { counts, eventually, shows } from './support/eventually.mjs';

const test = consoleTests(async (gateway) => {
    await gateway.applyExampleFleet();
});

// A set of its own for each test, with four devices that are online.
async function fleetOf(gateway, hall) {
    const ids = [1, 2, 3, 4].map((number) => `${hall}-${number}`);
    for (const id of ids) gateway.devices.register(id, { hall });
    await gateway.ask('anna', 'set/put', { set: hall, template: 'refrigerator', query: `tags.hall == "${hall}"` });
    await eventually('the devices', async () => (await gateway.ask('anna', 'set/preview', { set: hall, online: true })).matching === 4);
    return ids;
}

async function runOn(visit, gateway, hall) {
    const ids = await fleetOf(gateway, hall);
    const page = await visit.open('/jobs/new');
    await fillJob(page, { name: `Job of ${hall}`, set: hall });
    await counts(pickerRows(page), 4);
    await selectAll(page);
    await action(page, 'Run').click();
    return { page, ids, job: await jobOf(page) };
}

const tally = async (gateway, job) => (await gateway.ask('anna', 'job/get', { job })).tally;

test('A21 A22 A25 A29 A31 A32 A33 A34 A36 A37 A38 A39 B01 B05: the overview follows a job live, device by device, without reload', async (visit, gateway) => {
    const { page, ids, job } = await runOn(visit, gateway, 'live');
    const list = await visit.open('/jobs');
    await shows(jobRow(list, 'Job of live'), 'Running');
    await shows(jobStatus(page), 'Running');
    await showsTally(page, { succeeded: 0, failed: 0, pending: 4 });
    for (const id of ids) await shows(executionRow(page, id), /Pending.*sent/);

    await gateway.devices.answer(job, ids[0], 200);
    await shows(executionRow(page, ids[0]), 'Completed');
    await showsTally(page, { succeeded: 1, failed: 0, pending: 3 });
    await gateway.devices.answer(job, ids[1], 409, 'door open');
    await shows(executionRow(page, ids[1]), /Failed.*Rejected.*door open/i);
    await gateway.devices.answer(job, ids[2], 500, 'motor stuck');
    await shows(executionRow(page, ids[2]), /Failed.*motor stuck/);
    await showsTally(page, { succeeded: 1, failed: 2, pending: 1 });
    await shows(jobRow(list, 'Job of live'), /Running.*Succeeded 1\s*Failed 2\s*Pending 1/);
    gateway.devices.offline(ids[3]);
    await shows(executionRow(page, ids[3]), /Pending.*offline/);
    gateway.devices.online(ids[3]);
    await gateway.devices.answer(job, ids[3], 200);
    await shows(jobStatus(page), 'Failed');
    await showsTally(page, { succeeded: 2, failed: 2, pending: 0 });
    await shows(jobRow(list, 'Job of live'), 'Failed');
    assert.deepEqual(await tally(gateway, job), { selected: 4, succeeded: 2, failed: 2, pending: 0 });
    // The way there from the list.
    await list.getByRole('link', { name: 'Job of live' }).click();
    await shows(list.getByRole('region', { name: 'Details' }), /Settings.*live.*fanSpeed = 3/);
    await counts(list.getByRole('table', { name: 'Devices of the job' }).locator('tbody tr'), 4);
});

test('A25: what happens while the page of a job loads is not lost', async (visit, gateway) => {
    const { job, ids } = await runOn(visit, gateway, 'meanwhile');
    const list = await visit.open('/jobs');
    await shows(jobRow(list, 'Job of meanwhile'), 'Running');
    const page = await visit.open('/gateway');
    await page.getByRole('link', { name: 'Gateway: ready' }).waitFor();
    // The first answer about the job is held back until the job has ended.
    let release;
    const released = new Promise((resolve) => (release = resolve));
    let asked = 0;
    await page.route(`**/api/v1/jobs/${job}`, async (route) => {
        const response = await route.fetch();
        asked += 1;
        if (asked === 1) await released;
        await route.fulfill({ response });
    });
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Jobs' }).click();
    await page.getByRole('link', { name: 'Job of meanwhile' }).click();
    await eventually('the page has asked for the job', () => asked === 1);
    for (const id of ids) await gateway.devices.answer(job, id, 200);
    await shows(jobRow(list, 'Job of meanwhile'), 'Completed');
    release();
    await shows(jobStatus(page), 'Completed');
    await showsTally(page, { succeeded: 4, failed: 0, pending: 0 });
});

test('A18 A19 A27 A28 A30: running jobs stand on top of the history, whatever was created since', async (visit, gateway) => {
    const { page, ids, job } = await runOn(visit, gateway, 'top');
    for (const name of ['Saved later', 'Saved last']) {
        await gateway.ask('olga', 'job/save', { name, set: 'top', type: 'settings', operations: [{ name: 'fanSpeed', value: 1 }] });
    }
    await page.goto(`${gateway.address}/jobs`);
    const rows = page.getByRole('table', { name: 'Jobs' }).locator('tbody tr');
    await shows(rows.nth(0), /Job of top.*Running/);
    await shows(rows.nth(1), /Saved last.*Pending/);
    await shows(rows.nth(2), /Saved later.*Pending.*olga/);
    for (const id of ids) await gateway.devices.answer(job, id, 400, 'no');
    // The list moves by itself when it ends.
    await shows(rows.nth(0), 'Saved last');
    await shows(jobRow(page, 'Job of top'), 'Failed');
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Pending');
    await counts(rows.filter({ hasText: 'Job of top' }), 0);
    await shows(rows.nth(0), 'Saved last');
});

test('A30 A41 A42 A43 A44: Stop stops a running job, Run runs it again, and what was Completed or Failed is not touched', async (visit, gateway) => {
    const { page, ids, job } = await runOn(visit, gateway, 'stop');
    await gateway.devices.answer(job, ids[0], 200);
    await gateway.devices.answer(job, ids[1], 400, 'fan locked');
    await showsTally(page, { succeeded: 1, failed: 1, pending: 2 });
    await action(page, 'Stop').click();
    await shows(jobStatus(page), 'Stopped');
    await counts(action(page, 'Stop'), 0);
    await shows(page.getByTestId('job-log'), 'anna stopped it');
    const sent = (id) => gateway.devices.operations.filter((one) => one.device === id && one.id.startsWith(`${job}.`)).length;
    const before = ids.map(sent);
    await action(page, 'Run').click();
    await shows(jobStatus(page), 'Running');
    await eventually('the devices that are left are asked again', () => sent(ids[2]) > before[2] && sent(ids[3]) > before[3]);
    await showsTally(page, { succeeded: 1, failed: 1, pending: 2 });
    await gateway.devices.answer(job, ids[2], 200);
    await gateway.devices.answer(job, ids[3], 200);
    await shows(jobStatus(page), 'Failed');
    await showsTally(page, { succeeded: 3, failed: 1, pending: 0 });
    assert.deepEqual([sent(ids[0]), sent(ids[1])], before.slice(0, 2));
});

test('A23 A24 A35 B08: Download job details, beside the job and beside its devices, gives a CSV with each device and why it failed', async (visit, gateway) => {
    const { page, ids, job } = await runOn(visit, gateway, 'csv');
    await gateway.devices.answer(job, ids[0], 200);
    await gateway.devices.answer(job, ids[1], 400, '=1+1, "quoted"');
    await gateway.devices.answer(job, ids[2], 500, 'line one\nline two');
    await gateway.devices.answer(job, ids[3], 200);
    await shows(jobStatus(page), 'Failed');
    const buttons = action(page, 'Download job details');
    await counts(buttons, 2);
    const files = [await download(page, buttons.nth(0)), await download(page, buttons.nth(1))];
    assert.equal(files[0].text, files[1].text);
    assert.match(files[0].name, new RegExp(`${job}.*\\.csv$`));
    const records = csvRecords(files[0].text);
    assert.deepEqual(records.map(({ device }) => device).sort(), ids);
    const of = (id) => records.find(({ device }) => device === id);
    assert.equal(of(ids[0]).status, 'Completed');
    assert.equal(of(ids[0]).job_name, 'Job of csv');
    assert.equal(of(ids[1]).reason, 'rejected');
    assert.equal(of(ids[1]).message, '\'=1+1, "quoted"', 'no spreadsheet takes it for a formula');
    assert.equal(of(ids[2]).message, 'line one\nline two');
    for (const record of records) assert.ok(Number(record.attempts) >= 1 && record.first_sent_at && record.finished_at);
});

test('A40: a device that is deleted displays as deleted with its id, Failed, and cannot be selected', async (visit, gateway) => {
    const { page, ids } = await runOn(visit, gateway, 'gone');
    gateway.devices.offline(ids[2]);
    await gateway.ask('anna', 'device/delete', { device: ids[2] });
    await shows(executionRow(page, ids[2]), new RegExp(`${ids[2]}\\s*deleted.*Failed.*deleted`, 'i'));
    await counts(executionRow(page, ids[2]).getByRole('link'), 0);
    const saved = await gateway.ask('anna', 'job/save', { name: 'List', set: 'gone', type: 'settings', operations: [{ name: 'fanSpeed', value: 1 }],
        selection: { devices: [ids[0], ids[3]] } });
    gateway.devices.offline(ids[3]);
    await gateway.ask('anna', 'device/delete', { device: ids[3] });
    await page.goto(`${gateway.address}/jobs/${saved.job}/edit`);
    const row = pickerRows(page).filter({ hasText: ids[3] });
    await shows(row, 'deleted');
    assert.ok(await row.getByRole('checkbox').isDisabled());
});

test('A45 A46 A47: Copy opens a new copy for editing that shows the devices added, gone and deleted; the original does not change', async (visit, gateway) => {
    const { page, ids, job } = await runOn(visit, gateway, 'drift');
    for (const id of ids) await gateway.devices.answer(job, id, 200);
    await shows(jobStatus(page), 'Completed');
    const original = await gateway.ask('anna', 'job/get', { job });
    gateway.devices.register('drift-5', { hall: 'drift' });
    gateway.devices.register(ids[1], { hall: 'elsewhere' });
    gateway.devices.offline(ids[2]);
    await eventually('the changes', async () => {
        const { items } = await gateway.ask('anna', 'set/preview', { set: 'drift' });
        const now = items.map(({ device }) => device);
        return now.includes('drift-5') && !now.includes(ids[1]);
    });
    await gateway.ask('anna', 'device/delete', { device: ids[2] });
    await action(page, 'Copy').click();
    await page.waitForURL(/\/jobs\/\d+\/edit$/);
    await shows(page.getByTestId('drift-added'), 'drift-5');
    await shows(page.getByTestId('drift-left'), ids[1]);
    await shows(page.getByTestId('drift-deleted'), ids[2]);
    assert.equal(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue(), 'Job of drift copy');
    await page.getByLabel('Value', { exact: true }).fill('5');
    await page.reload(); // what drifted is not lost by a reload
    await shows(page.getByTestId('drift-added'), 'drift-5');
    await page.getByLabel('Value', { exact: true }).fill('5');
    await action(page, 'Run').click();
    const copy = await jobOf(page);
    assert.notEqual(copy, job);
    for (const id of [ids[0], ids[3], 'drift-5']) await gateway.devices.answer(copy, id, 200);
    await shows(jobStatus(page), 'Completed');
    await showsTally(page, { succeeded: 3, failed: 0, pending: 0 });
    assert.deepEqual(await gateway.ask('anna', 'job/get', { job }), original);
});

test('A47: a copy of a job whose set broke says so with the cause', async (visit, gateway) => {
    const { page, ids, job } = await runOn(visit, gateway, 'cracked');
    for (const id of ids) await gateway.devices.answer(job, id, 200);
    await shows(jobStatus(page), 'Completed');
    await gateway.ask('anna', 'template/put', { document: { name: 'cooler', settings: { fanSpeed: { schema: { type: 'integer' } } } } });
    await gateway.ask('anna', 'set/put', { set: 'cracked', template: 'cooler', query: 'settings.fanSpeed > 1' });
    await gateway.ask('anna', 'template/put', { document: { name: 'cooler', settings: {} } });
    await action(page, 'Copy').click();
    await page.waitForURL(/\/jobs\/\d+\/edit$/);
    await shows(page.getByTestId('drift-broken'), /broken.*fanSpeed/i);
    assert.equal((await gateway.ask('anna', 'job/get', { job })).status, 'Completed');
});

test('B07 B12: failures are grouped with counts, a group filters the table, and a rerun takes only its devices', async (visit, gateway) => {
    const { page, ids, job } = await runOn(visit, gateway, 'groups');
    await gateway.devices.answer(job, ids[0], 400, 'door open');
    await gateway.devices.answer(job, ids[1], 400, 'door open');
    await gateway.devices.answer(job, ids[2], 500, 'motor stuck');
    await gateway.devices.answer(job, ids[3], 200);
    await shows(jobStatus(page), 'Failed');
    const groups = page.getByTestId('failure-groups').getByRole('listitem');
    await counts(groups, 2);
    await shows(groups.nth(0), /^2.*door open/);
    await shows(groups.nth(1), /^1.*motor stuck/);
    await page.getByRole('button', { name: /^Show the 2 devices/ }).click();
    await counts(page.getByRole('table', { name: 'Devices of the job' }).locator('tbody tr'), 2);
    await page.getByRole('button', { name: 'Rerun failed: door open' }).click();
    await action(page.getByRole('dialog'), 'Run now').click();
    await page.waitForURL((url) => url.pathname !== `/jobs/${job}`);
    const rerun = await jobOf(page);
    await shows(page.getByRole('region', { name: 'Details' }), `job ${job}`);
    for (const id of ids.slice(0, 2)) await gateway.devices.answer(rerun, id, 200);
    await shows(jobStatus(page), 'Completed');
    await showsTally(page, { succeeded: 2, failed: 0, pending: 0 });
});
