// Devices, device sets, templates and the gateway.
import assert from 'node:assert/strict';
import { consoleTests } from './support/console_test.mjs';
import { action } from './support/console.mjs';
import { counts, shows } from './support/eventually.mjs';

const test = consoleTests(async (gateway) => {
    await gateway.applyExampleFleet();
    gateway.devices.register('lobby-1', { site: 'oslo' });
});

const rowsOf = (page, name) => page.getByRole('table', { name, exact: true }).locator('tbody tr:not(.skeleton-row)');

test('Devices are found by id and by query, their presence is live, and one is deleted after a question', async (visit, gateway) => {
    // The page of a device that is deleted may ask for it once more.
    const page = await visit.open('/devices', { answers: [404] });
    const row = rowsOf(page, 'Devices').filter({ hasText: 'lobby-1' });
    await shows(row, 'online');
    gateway.devices.offline('lobby-1');
    await shows(row, 'offline');
    await page.getByRole('searchbox', { name: 'Search devices' }).fill('depot');
    await counts(rowsOf(page, 'Devices'), 2);
    await page.getByRole('searchbox', { name: 'Search devices' }).fill('');
    await page.getByRole('textbox', { name: 'Query' }).fill('tags.site == "oslo" && template');
    await page.getByTestId('query-error').waitFor();
    await page.getByRole('textbox', { name: 'Query' }).fill('tags.site == "bergen"');
    await counts(rowsOf(page, 'Devices'), 1);
    await page.getByRole('link', { name: 'depot-fridge-2' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await action(page.getByRole('dialog'), 'Cancel').click();
    assert.equal((await gateway.ask('anna', 'device/get', { device: 'depot-fridge-2' })).device, 'depot-fridge-2');
    await page.getByRole('button', { name: 'Delete' }).click();
    await action(page.getByRole('dialog'), 'Delete').click();
    await shows(page.getByTestId('toast-done'), 'depot-fridge-2 is deleted');
});

test('A06: a device set is made with a live preview, and a mistake in its query is shown at its place', async (visit, gateway) => {
    const page = await visit.open('/device-sets/new');
    await page.getByRole('textbox', { name: 'Name' }).fill('lobbies');
    await page.getByRole('combobox', { name: 'Template' }).selectOption('refrigerator');
    const query = page.getByRole('textbox', { name: 'Query' });
    await query.fill('id.startsWith("lobby") && tags.site = "oslo"');
    await shows(page.getByTestId('query-mark'), /^=$/);
    await query.fill('id.startsWith("lobby")');
    await shows(page.getByTestId('preview-count'), '1 device');
    gateway.devices.register('lobby-2');
    await shows(page.getByTestId('preview-count'), '2 devices');
    await action(page, 'Save').click();
    await shows(page.getByTestId('toast-done'), 'lobbies is saved');
    assert.equal((await gateway.ask('anna', 'set/get', { set: 'lobbies' })).devices, 2);
});

test('A template is edited as YAML, and a mistake is shown with its line', async (visit, gateway) => {
    const page = await visit.open('/templates/coffee-machine');
    await action(page, 'Edit').click();
    const yaml = page.getByRole('textbox', { name: 'Template as YAML' });
    const text = await yaml.inputValue();
    await yaml.fill(text.replace('maximum: 98', 'maximum: high'));
    await action(page, 'Save').click();
    await shows(page.getByTestId('yaml-mistakes'), /line \d+/);
    await yaml.fill(text.replace('maximum: 98', 'maximum: 97'));
    await action(page, 'Save').click();
    await shows(page.getByRole('heading', { level: 1 }), 'version 2');
    const { document } = await gateway.ask('anna', 'template/get', { template: 'coffee-machine' });
    assert.equal(document.settings.brewTemperature.schema.maximum, 97);
});

test('The gateway page shows that it is ready, its broker, its counters, and who changed what', async (visit, gateway) => {
    const page = await visit.open('/gateway');
    await shows(page.getByTestId('broker'), `mqtt://127.0.0.1:${gateway.broker.port}`);
    await shows(page.getByTestId('store'), 'ok');
    await gateway.ask('olga', 'job/save', { name: 'Audited', set: 'refrigerators', type: 'settings', operations: [{ name: 'fanSpeed', value: 1 }] });
    await shows(rowsOf(page, 'Audit log').filter({ hasText: 'olga' }), /job\/save.*Audited/);
});
