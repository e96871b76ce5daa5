// One person's afternoon: a job made, planned, run, watched, stopped, run again, rerun, copied and taken away as CSV,
// on simulated refrigerators of which some refuse.
import assert from 'node:assert/strict';
import { consoleTests } from './support/console_test.mjs';
import { action, download, fillJob, jobOf, jobRow, jobStatus, pickerRows, selectAll, showsTally } from './support/console.mjs';
import { csvRecords } from './support/csv.mjs';
import { counts, shows } from './support/eventually.mjs';

const test = consoleTests(async (gateway) => {
    await gateway.applyExampleFleet();
    await gateway.simulate(40, '--reject', '10', '--seed', '3'); // and the two of the depot, which are never online
    await gateway.knows(43, 40);
});

test('A03 A16 A17 A23 A25 A31 A41 A43 A45 B06 B12: create, plan, run, stop, run again, rerun the failed, copy, download', async (visit, gateway) => {
    const page = await visit.open('/jobs');
    await page.getByRole('link', { name: '+ New' }).click();
    await fillJob(page, { name: 'Afternoon', set: 'refrigerators' });
    await pickerRows(page).first().waitFor();
    await selectAll(page);
    await action(page, 'Plan').click();
    await shows(page.getByTestId('plan'), '42 devices');
    await action(page, 'Run').click();
    const job = await jobOf(page);
    await showsTally(page, { succeeded: 36, failed: 4, pending: 2 });
    await action(page, 'Stop').click();
    await shows(jobStatus(page), 'Stopped');
    await showsTally(page, { succeeded: 36, failed: 4, pending: 2 });
    await action(page, 'Run').click();
    await shows(jobStatus(page), 'Running');
    await gateway.ask('anna', 'device/delete', { device: 'depot-fridge-1' });
    await showsTally(page, { succeeded: 36, failed: 5, pending: 1 });
    gateway.devices.register('depot-fridge-2');
    await gateway.devices.answer(job, 'depot-fridge-2', 200);
    await shows(jobStatus(page), 'Failed');
    await showsTally(page, { succeeded: 37, failed: 5, pending: 0 });

    const records = csvRecords((await download(page, action(page, 'Download job details').first())).text);
    assert.equal(records.length, 42);
    const failed = records.filter(({ status }) => status === 'Failed');
    assert.equal(failed.length, 5);
    for (const { reason, message } of failed) assert.ok(reason && message);
    assert.deepEqual(failed.filter(({ deleted }) => deleted === 'true').map(({ device, reason }) => [device, reason]), [['depot-fridge-1', 'deleted']]);

    await action(page, 'Rerun failed').click();
    await action(page.getByRole('dialog'), 'Save only').click();
    await page.waitForURL((url) => url.pathname !== `/jobs/${job}`);
    await shows(jobStatus(page), 'Pending');
    await shows(page.getByRole('region', { name: 'Details' }), /a list of 4.*job/);
    await page.goto(`${gateway.address}/jobs/${job}`);
    await action(page, 'Copy').click();
    await page.waitForURL(/\/edit$/);
    await shows(page.getByTestId('drift-deleted'), 'depot-fridge-1');
    await action(page, 'Save').click();
    await jobOf(page);
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Jobs' }).click();
    await shows(jobRow(page, 'Afternoon copy'), 'Pending');
    await counts(page.getByRole('table', { name: 'Jobs' }).locator('tbody tr:not(.skeleton-row)'), 4);
});
