// Making a job: the form, its two sides, what it refuses, the plan.
import assert from 'node:assert/strict';
import { consoleTests } from './support/console_test.mjs';
import { action, fillJob, jobOf, jobRow, jobStatus, pickerRows, selectAll } from './support/console.mjs';
import { counts, eventually, shows } from './support/eventually.mjs';

const simulated = 58; // with the two of the depot: three pages of the picker
const fridges = simulated + 2;

const test = consoleTests(async (gateway) => {
    await gateway.applyExampleFleet();
    await gateway.simulate(simulated);
    await gateway.knows(fridges + 1, simulated);
});

const newJobOn = async (visit, set) => {
    const page = await visit.open('/jobs/new');
    await page.getByRole('combobox', { name: 'Device set' }).selectOption(set);
    return page;
};

// Label and state of each box on a page of the picker that does not begin with the label `before`: the rows of a
// page come after its number.
const boxesAfter = (page, before) => eventually('another page of devices', async () => {
    const boxes = await pickerRows(page).getByRole('checkbox').evaluateAll((all) => all.map((box) => [box.getAttribute('aria-label'), box.checked]));
    return boxes.length > 0 && boxes[0][0] !== before && boxes;
});

// The ids of all pages of the picker, in their order.
async function pickedFrom(page) {
    const ids = [];
    const next = page.getByRole('navigation', { name: 'Pages of devices of the set' }).getByRole('button', { name: 'Next' });
    for (;;) {
        const shown = await eventually('another page of devices', async () => {
            const labels = await pickerRows(page).getByRole('checkbox').evaluateAll((boxes) => boxes.map((box) => box.getAttribute('aria-label')));
            return labels.length > 0 && !labels.some((label) => ids.includes(label)) && labels;
        });
        ids.push(...shown);
        if ((await next.count()) === 0 || (await next.isDisabled())) return ids.map((label) => label.replace('Select ', ''));
        await next.click();
    }
}

test('A03 A04: a Jobs entry in the navigation opens the Jobs page, and + New there the form for a new job', async (visit) => {
    const page = await visit.open('/gateway');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Jobs' }).click();
    await page.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
    await page.getByRole('link', { name: '+ New' }).click();
    await page.getByRole('heading', { name: 'New job', level: 1 }).waitFor();
    assert.equal(new URL(page.url()).pathname, '/jobs/new');
});

test('A06 A07: on selecting a set, the right-hand side fills with exactly the devices of that set', async (visit, gateway) => {
    for (const set of ['refrigerators', 'oslo-refrigerators']) {
        const page = await newJobOn(visit, set);
        const { items, count } = await gateway.ask('anna', 'set/preview', { set, limit: 1000 });
        const expected = items.map(({ device }) => device).sort();
        assert.equal(expected.length, count);
        assert.ok(expected.length > 0 && expected.length <= fridges);
        assert.deepEqual((await pickedFrom(page)).sort(), expected);
        await shows(page.getByTestId('selected-line'), `0 of ${count} selected`);
    }
    const [all, oslo] = await Promise.all(['refrigerators', 'oslo-refrigerators'].map((set) => gateway.ask('anna', 'set/get', { set })));
    assert.ok(oslo.devices < all.devices, 'the two sets differ');
});

test('A08: a broken set shows no devices, and a message that it is broken with the cause', async (visit, gateway) => {
    const document = { name: 'kettle', settings: { heat: { schema: { type: 'integer' } } } };
    await gateway.ask('anna', 'template/put', { document });
    await gateway.ask('anna', 'set/put', { set: 'hot-kettles', template: 'kettle', query: 'settings.heat > 3' });
    const page = await newJobOn(visit, 'hot-kettles');
    await gateway.ask('anna', 'template/put', { document: { name: 'kettle', settings: {} } });
    // The page that stands open hears of it.
    await shows(page.getByTestId('broken-set'), /broken.*heat/i);
    await counts(pickerRows(page), 0);
    // So does one that is opened now, and a run is refused with the cause.
    const later = await newJobOn(visit, 'hot-kettles');
    await shows(later.getByTestId('broken-set'), /broken.*heat/i);
    await later.getByRole('textbox', { name: 'Name', exact: true }).fill('On a broken set');
    await action(later, 'Run').click();
    await later.getByTestId('refused').waitFor();
});

test('A09 A10: the job types are exactly Settings, Properties, Commands, and each offers what the template has', async (visit) => {
    const page = await newJobOn(visit, 'refrigerators');
    const type = page.getByRole('combobox', { name: 'Job type' });
    assert.deepEqual(await type.getByRole('option').allTextContents(), ['Settings', 'Properties', 'Commands']);
    const offered = { Settings: ['fanSpeed', 'doorLock'], Properties: ['location', 'assetTag'], Commands: ['defrost', 'selfTest'] };
    for (const [name, words] of Object.entries(offered)) {
        await type.selectOption(name);
        await action(page, 'Add operation').click();
        const choice = page.getByRole('combobox', { name: `${{ Settings: 'Setting', Properties: 'Property', Commands: 'Command' }[name]} 1` });
        const options = (await choice.getByRole('option').allTextContents()).join(' ');
        for (const word of words) assert.ok(options.includes(word), `${name} offers ${word}: ${options}`);
        assert.ok(!options.includes('serial'), 'what only the device says cannot be written');
    }
});

test('A11: + beside the type adds an operation, a job can have several, each with an input of its kind', async (visit, gateway) => {
    const page = await newJobOn(visit, 'refrigerators');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Three settings');
    for (const number of [1, 2, 3]) {
        await action(page, 'Add operation').click();
        await counts(page.getByTestId('operation'), number);
    }
    const at = (number) => page.getByTestId('operation').nth(number - 1);
    await page.getByRole('combobox', { name: 'Setting 1' }).selectOption('fanSpeed');
    await page.getByRole('combobox', { name: 'Setting 2' }).selectOption('light');
    await page.getByRole('combobox', { name: 'Setting 3' }).selectOption('doorLock');
    // A slider and a number are one value.
    await at(1).getByLabel('Value, slider').fill('4');
    assert.equal(await at(1).getByLabel('Value', { exact: true }).inputValue(), '4');
    await at(2).getByRole('combobox', { name: 'Value' }).selectOption('eco');
    await at(3).getByRole('switch', { name: 'Value' }).check();
    await page.getByRole('checkbox', { name: 'Select fridge-01' }).check();
    await action(page, 'Save').click();
    const job = await gateway.ask('anna', 'job/get', { job: await jobOf(page) });
    assert.deepEqual(job.operations, [{ name: 'fanSpeed', value: 4 }, { name: 'light', value: 'eco' }, { name: 'doorLock', value: true }]);
    await page.getByRole('link', { name: 'Edit' }).click();
    await action(page, 'Remove operation 2').click();
    await counts(page.getByTestId('operation'), 2);
    await action(page, 'Save').click();
    await jobOf(page);
    assert.equal((await gateway.ask('anna', 'job/get', { job: job.job })).operations.length, 2);
});

test('A12: the check box of a device selects it, the line counts, and the job runs on those devices alone', async (visit, gateway) => {
    const page = await visit.open('/jobs/new');
    await fillJob(page, { name: 'Two devices', set: 'refrigerators' });
    const boxes = pickerRows(page).getByRole('checkbox');
    await boxes.nth(3).check();
    await boxes.nth(5).check();
    await boxes.nth(6).check();
    await boxes.nth(6).uncheck();
    const chosen = await Promise.all([3, 5].map(async (at) => (await boxes.nth(at).getAttribute('aria-label')).replace('Select ', '')));
    await shows(page.getByTestId('selected-line'), `2 of ${fridges} selected`);
    await action(page, 'Run').click();
    await shows(jobStatus(page), 'Completed');
    const { items } = await gateway.ask('anna', 'job/devices', { job: await jobOf(page) });
    assert.deepEqual(items.map(({ device }) => device).sort(), chosen.sort());
});

test('A13: the top check box selects every device of the entire set, also those on other pages', async (visit, gateway) => {
    const page = await visit.open('/jobs/new');
    await fillJob(page, { name: 'Entire set', set: 'refrigerators' });
    await pickerRows(page).first().waitFor();
    await selectAll(page);
    await shows(page.getByTestId('selected-line'), `${fridges} of ${fridges} selected`);
    const boxes = pickerRows(page).getByRole('checkbox');
    let before = '';
    for (const rows of [25, 25, fridges - 50]) {
        if (before) await page.getByRole('button', { name: 'Next' }).click();
        const shown = await boxesAfter(page, before);
        assert.equal(shown.length, rows);
        for (const [label, checked] of shown) assert.ok(checked, label);
        before = shown[0][0];
    }
    // One less, chosen on the last page, and the box says that it is not all any more.
    await boxes.first().uncheck();
    await shows(page.getByTestId('selected-line'), `${fridges - 1} of ${fridges} selected`);
    const top = page.getByRole('checkbox', { name: 'Select every device of the entire set' });
    assert.ok(await top.evaluate((box) => box.indeterminate && !box.checked));
    await action(page, 'Save').click();
    const { selection } = await gateway.ask('anna', 'job/get', { job: await jobOf(page) });
    assert.equal(selection.all, true);
    assert.equal(selection.except.length, 1);
});

test('A14: the check box beside Name selects the devices of the current page only', async (visit) => {
    const page = await newJobOn(visit, 'refrigerators');
    await pickerRows(page).first().waitFor();
    const ofPage = page.getByRole('columnheader', { name: 'Name' }).getByRole('checkbox', { name: 'Select the devices of this page' });
    await ofPage.click();
    const size = await pickerRows(page).count();
    assert.ok(size < fridges);
    await shows(page.getByTestId('selected-line'), `${size} of ${fridges} selected`);
    const [[first]] = await boxesAfter(page, '');
    await page.getByRole('button', { name: 'Next' }).click();
    for (const [label, checked] of await boxesAfter(page, first)) assert.ok(!checked, label);
    assert.ok(!(await ofPage.isChecked()));
    await ofPage.click();
    await shows(page.getByTestId('selected-line'), `${2 * size} of ${fridges} selected`);
    await ofPage.click();
    await shows(page.getByTestId('selected-line'), `${size} of ${fridges} selected`);
});

test('A02: devices that are gateways are shown and cannot be targeted, and the form says so', async (visit) => {
    const page = await newJobOn(visit, 'gateways');
    await shows(page.getByTestId('gateway-set'), /gateway/);
    await shows(pickerRows(page), 'gateway-oslo');
    assert.ok(await page.getByRole('checkbox', { name: 'Select gateway-oslo' }).isDisabled());
    assert.ok(await page.getByRole('checkbox', { name: 'Select every device of the entire set' }).isDisabled());
    for (const name of ['Run', 'Save', 'Plan']) assert.ok(await action(page, name).isDisabled());
});

test('A05 A16 A17 A20: Save stores a job without running it; it is found by name and description, opens again, and runs', async (visit, gateway) => {
    const sent = gateway.devices.operations.length;
    const page = await visit.open('/jobs/new');
    await fillJob(page, { name: 'Quiet night', set: 'refrigerators', value: '1' });
    await page.getByRole('textbox', { name: 'Description' }).fill('Slow fans while the hall sleeps');
    await pickerRows(page).getByRole('checkbox').nth(4).check();
    await action(page, 'Save').click();
    await shows(jobStatus(page), 'Pending');
    const job = await jobOf(page);
    assert.equal(gateway.devices.operations.length, sent);

    await page.goto(`${gateway.address}/jobs`);
    await shows(jobRow(page, 'Quiet night'), 'Pending');
    for (const words of ['quiet NIGHT', 'hall sleeps']) {
        await page.getByRole('searchbox', { name: 'Search jobs' }).fill(words);
        await counts(page.getByRole('table', { name: 'Jobs' }).locator('tbody tr:not(.skeleton-row)'), 1);
        await shows(jobRow(page, 'Quiet night'), `#${job}`);
    }
    await page.getByRole('link', { name: 'Quiet night' }).click();
    await shows(page.getByRole('region', { name: 'Details' }), 'Slow fans while the hall sleeps');
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Value', { exact: true }).fill('2');
    await action(page, 'Run').click();
    await shows(jobStatus(page), 'Completed');
    assert.equal(await jobOf(page), job);
    assert.deepEqual((await gateway.ask('anna', 'job/get', { job })).operations, [{ name: 'fanSpeed', value: 2 }]);
    await page.goto(`${gateway.address}/jobs`);
    await shows(jobRow(page, 'Quiet night'), 'Completed');
});

test('A15 A16 A26 A37: a Settings job sets the fan speed of all refrigerators of the set, and each says so', async (visit, gateway) => {
    const page = await visit.open('/jobs/new');
    await fillJob(page, { name: 'Summer', set: 'refrigerators', value: '5' });
    for (const id of ['depot-fridge-1', 'depot-fridge-2']) gateway.devices.register(id);
    await pickerRows(page).first().waitFor();
    await selectAll(page);
    await action(page, 'Run').click();
    const job = await jobOf(page);
    await Promise.all(['depot-fridge-1', 'depot-fridge-2'].map((id) => gateway.devices.answer(job, id, 200)));
    await shows(jobStatus(page), 'Completed');
    await shows(page.getByTestId('tally-succeeded'), String(fridges));
    await shows(page.getByTestId('tally-pending'), /^0$/);
    const rows = page.getByRole('table', { name: 'Devices of the job' }).locator('tbody tr');
    await counts(rows.filter({ hasText: 'Completed' }), 50); // a page
    for (const id of ['depot-fridge-1', 'depot-fridge-2']) gateway.devices.offline(id);
});

test('A05: what the server refuses stands at its field in the server’s words, and nothing is made', async (visit, gateway) => {
    const before = (await gateway.ask('anna', 'job/list')).items.length;
    const page = await visit.open('/jobs/new');
    await action(page, 'Run').click();
    await page.getByTestId('refused').waitFor();
    await page.getByTestId('field-error').first().waitFor();
    await fillJob(page, { name: 'Too fast', set: 'refrigerators', value: '9' });
    const value = page.getByLabel('Value', { exact: true });
    await shows(page.getByTestId('operation').getByTestId('field-error'), /5/);
    assert.equal(await value.getAttribute('aria-invalid'), 'true');
    await value.fill('5');
    await counts(page.getByTestId('operation').getByTestId('field-error'), 0);
    assert.equal((await gateway.ask('anna', 'job/list')).items.length, before);
});

test('B06: Plan shows per device what a run would do, and publishes nothing', async (visit, gateway) => {
    gateway.devices.report('depot-fridge-1', { fanSpeed: 4 });
    const sent = gateway.devices.operations.length;
    const page = await visit.open('/jobs/new');
    await fillJob(page, { name: 'Planned', set: 'refrigerators', value: '2' });
    await page.getByRole('searchbox', { name: 'Search devices of the set' }).fill('depot');
    await counts(pickerRows(page), 2);
    await page.getByRole('checkbox', { name: 'Select depot-fridge-1' }).check();
    await page.getByRole('searchbox', { name: 'Search devices of the set' }).fill('fridge-1');
    await pickerRows(page).filter({ hasText: 'depot-fridge-1' }).waitFor();
    const simulated = pickerRows(page).getByRole('checkbox', { name: /^Select fridge-/ }).first();
    const id = (await simulated.getAttribute('aria-label')).replace('Select ', '');
    await simulated.check();
    await action(page, 'Plan').click();
    const plan = page.getByTestId('plan');
    await shows(plan, '2 devices');
    await shows(plan.getByRole('row').filter({ hasText: 'depot-fridge-1' }), /offline/);
    await shows(plan.getByRole('row').filter({ hasText: id }), /fanSpeed.*→ 2/);
    assert.equal(gateway.devices.operations.length, sent);
    const jobs = (await gateway.ask('anna', 'job/list')).items;
    assert.ok(!jobs.some(({ name }) => name === 'Planned'), 'a plan makes no job');
});

test('B11: a run after a plan is refused, and names the devices, when they have changed since', async (visit, gateway) => {
    gateway.devices.register('depot-fridge-2');
    gateway.devices.report('depot-fridge-2', { fanSpeed: 1 });
    await eventually('the report', async () => (await gateway.ask('anna', 'device/get', { device: 'depot-fridge-2' })).reported.fanSpeed === 1);
    const page = await visit.open('/jobs/new');
    await fillJob(page, { name: 'Reviewed', set: 'refrigerators', value: '2' });
    await page.getByRole('searchbox', { name: 'Search devices of the set' }).fill('depot');
    await page.getByRole('checkbox', { name: 'Select depot-fridge-2' }).check();
    await action(page, 'Plan').click();
    await shows(page.getByTestId('plan'), /fanSpeed\s*1 → 2/);
    const sent = gateway.devices.operations.length;
    gateway.devices.report('depot-fridge-2', { fanSpeed: 2 });
    await eventually('the report', async () => (await gateway.ask('anna', 'device/get', { device: 'depot-fridge-2' })).reported.fanSpeed === 2);
    await action(page, 'Run').click();
    await shows(page.getByTestId('refused'), 'depot-fridge-2');
    assert.equal(gateway.devices.operations.length, sent);
    // Planned anew, the run does what was reviewed.
    await action(page, 'Plan').click();
    await shows(page.getByTestId('plan'), 'already equal');
    await action(page, 'Run').click();
    const job = await jobOf(page);
    await gateway.devices.answer(job, 'depot-fridge-2', 200);
    await shows(jobStatus(page), 'Completed');
    gateway.devices.offline('depot-fridge-2');
});
