// A hundred thousand devices: nothing of the console grows with the fleet.
import assert from 'node:assert/strict';
import { consoleTests } from './support/console_test.mjs';
import { action, fillJob, jobOf, jobStatus, pickerRows, selectAll, showsTally } from './support/console.mjs';
import { shows } from './support/eventually.mjs';

const fleet = 100_000;
const mostElements = 2_500; // in the document, whatever the size of the fleet
// One in a hundred is never online, one in a hundred refuses.
const ended = { succeeded: '98 000', failed: '2 000', pending: 0 };
const longMs = 180_000; // for the whole job, on a busy machine

const test = consoleTests(async (gateway) => {
    await gateway.ask('anna', 'template/put', { document: { name: 'refrigerator', settings: { fanSpeed: { schema: { type: 'integer', minimum: 0, maximum: 5 } } } } });
    await gateway.ask('anna', 'set/put', { set: 'everything', template: 'refrigerator', query: '' });
    await gateway.simulate(fleet, '--connections', '4', '--offline', '1', '--reject', '1', '--seed', '5');
    await gateway.knows(fleet, 0.99 * fleet);
});

const elements = (page) => page.evaluate(() => document.querySelectorAll('*').length);

test('A13 A25 A26: the top check box selects all 100,000 devices, one page is in the browser, and the job is followed to its end', async (visit) => {
    const page = await visit.open('/jobs/new');
    await fillJob(page, { name: 'Whole fleet', set: 'everything' });
    await shows(page.getByTestId('selected-line'), '0 of 100 000 selected');
    await selectAll(page);
    await shows(page.getByTestId('selected-line'), '100 000 of 100 000 selected');
    assert.ok((await pickerRows(page).count()) <= 50, 'one page of devices');
    assert.ok((await elements(page)) < mostElements);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('The whole fleet');
    await page.locator('summary', { hasText: 'Advanced' }).click();
    await page.getByRole('combobox', { name: 'Devices that are offline' }).selectOption('fail');
    await page.getByRole('spinbutton', { name: 'Window' }).fill('1000');
    await action(page, 'Run').click();
    await jobOf(page);
    await page.getByTestId('tally-done').waitFor();
    // It can be used while it runs: the browser's own clock says how long a click takes.
    const startedAt = Date.now();
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Failed');
    await page.waitForURL(/status=Failed/);
    assert.ok(Date.now() - startedAt < 5_000, 'a click is answered');
    await shows(jobStatus(page), 'Failed', longMs);
    await showsTally(page, ended);
    assert.ok((await elements(page)) < mostElements);
});
