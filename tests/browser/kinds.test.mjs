// Jobs of the other two kinds, from the form to the last device: commands in their order, and properties that the
// gateway keeps beside those that the device keeps.
import assert from 'node:assert/strict';
import { consoleTests } from './support/console_test.mjs';
import { action, executionRow, jobOf, jobStatus, pickerRows, selectAll, showsTally } from './support/console.mjs';
import { counts, eventually, shows } from './support/eventually.mjs';

const ids = ['hall-1', 'hall-2', 'hall-3'];
const absent = 'depot-fridge-1'; // in the example fleet, never online

const test = consoleTests(async (gateway) => {
    await gateway.applyExampleFleet();
    for (const id of ids) gateway.devices.register(id, { hall: 'A' });
    await gateway.ask('anna', 'set/put', { set: 'hall', template: 'refrigerator', query: 'tags.hall == "A"' });
    await eventually('the devices', async () => (await gateway.ask('anna', 'set/preview', { set: 'hall', online: true })).matching === ids.length);
});

async function newJob(visit, name, set, type) {
    const page = await visit.open('/jobs/new');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await page.getByRole('combobox', { name: 'Device set' }).selectOption(set);
    await page.getByRole('combobox', { name: 'Job type' }).selectOption(type);
    await pickerRows(page).first().waitFor();
    return page;
}

async function add(page, label, name) {
    await action(page, 'Add operation').click();
    await page.getByRole('combobox', { name: label }).selectOption(name);
    return page.getByTestId('operation').last();
}

test('A01 A10 A11 A36 A38: a Commands job runs its commands in order, and the first that fails is named', async (visit, gateway) => {
    const page = await newJob(visit, 'Morning', 'hall', 'Commands');
    const defrost = await add(page, 'Command 1', 'defrost');
    await defrost.getByLabel('Minutes', { exact: true }).fill('90');
    await shows(defrost.getByTestId('field-error'), /60/);
    await defrost.getByLabel('Minutes', { exact: true }).fill('10');
    await add(page, 'Command 2', 'reboot');
    await selectAll(page);
    await action(page, 'Run').click();
    const job = await jobOf(page);
    const calls = (id) => gateway.devices.operations.filter((one) => one.device === id).map(({ call }) => call);
    await eventually('each device is asked to defrost', () => ids.every((id) => calls(id).length === 1));
    assert.deepEqual(gateway.devices.operations.map(({ call, args }) => [call, args]), ids.map(() => ['defrost', { minutes: 10 }]));
    // The next command goes to whoever completed the first, and to nobody else.
    await gateway.devices.answer(job, ids[0], 200);
    await gateway.devices.answer(job, ids[1], 409, 'door open');
    await eventually('the first is asked to reboot', () => calls(ids[0]).length === 2);
    await gateway.devices.answer(job, ids[0], 200);
    await shows(executionRow(page, ids[0]), 'Completed');
    await shows(executionRow(page, ids[1]), /Failed.*defrost.*door open/);
    await gateway.devices.answer(job, ids[2], 200);
    await eventually('the third is asked to reboot', () => calls(ids[2]).length === 2);
    await gateway.devices.answer(job, ids[2], 500, 'no power');
    await shows(executionRow(page, ids[2]), /Failed.*reboot.*no power/);
    await shows(jobStatus(page), 'Failed');
    await showsTally(page, { succeeded: 1, failed: 2, pending: 0 });
    assert.deepEqual(calls(ids[1]), ['defrost']);
    await shows(page.getByRole('region', { name: 'Details' }), /Commands.*defrost.*reboot/);
});

test('A01 A10 A37: a Properties job writes what the gateway keeps at once, and asks a device for what it keeps', async (visit, gateway) => {
    const kept = await newJob(visit, 'Moved', 'refrigerators', 'Properties');
    await (await add(kept, 'Property 1', 'location')).getByLabel('Value', { exact: true }).fill('Hall B');
    await selectAll(kept);
    await action(kept, 'Run').click();
    await shows(jobStatus(kept), 'Completed'); // with those that are offline, and nobody was asked
    const { items } = await gateway.ask('anna', 'set/preview', { set: 'refrigerators', limit: 100 });
    for (const { device } of items) {
        assert.equal((await gateway.ask('anna', 'device/get', { device })).properties.location, 'Hall B', device);
    }
    assert.equal(gateway.devices.operations.filter(({ write }) => write).length, 0);

    const page = await newJob(visit, 'Tagged', 'refrigerators', 'Properties');
    const tag = await add(page, 'Property 1', 'assetTag');
    await tag.getByLabel('Value', { exact: true }).fill('lower case');
    await tag.getByLabel('Value', { exact: true }).blur();
    await shows(tag.getByTestId('field-error'), /./);
    await tag.getByLabel('Value', { exact: true }).fill('A7');
    await page.getByRole('checkbox', { name: `Select ${ids[0]}` }).check();
    await page.getByRole('checkbox', { name: `Select ${absent}` }).check();
    await action(page, 'Run').click();
    const job = await jobOf(page);
    await gateway.devices.answer(job, ids[0], 200);
    assert.deepEqual(gateway.devices.operations.at(-1).write, { assetTag: 'A7' });
    await shows(executionRow(page, ids[0]), 'Completed');
    await shows(executionRow(page, absent), /Pending.*not been online/);
    await counts(page.getByRole('table', { name: 'Devices of the job' }).locator('tbody tr'), 2);
    await showsTally(page, { succeeded: 1, failed: 0, pending: 1 });
});
