// A job made, run and stopped without a mouse.
import assert from 'node:assert/strict';
import { consoleTests } from './support/console_test.mjs';
import { jobStatus, pickerRows } from './support/console.mjs';
import { shows } from './support/eventually.mjs';

const mostSteps = 60;

const test = consoleTests(async (gateway) => {
    await gateway.applyExampleFleet();
});

// Tab by tab, as a person without a mouse gets there.
async function tabTo(page, target, key = 'Tab') {
    await target.waitFor();
    for (let step = 0; step < mostSteps; step += 1) {
        if (await target.evaluate((element) => element === document.activeElement)) {
            const outlined = await target.evaluate((element) => {
                const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
                return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
            });
            assert.ok(outlined, `the focus shows on ${target}`);
            return;
        }
        await page.keyboard.press(key);
    }
    throw new Error(`${key} does not lead to ${target}`);
}

test('A04 A11 A13 A16 A41: a job is made, run and stopped with the keyboard alone', async (visit) => {
    const page = await visit.open('/jobs');
    await tabTo(page, page.getByRole('link', { name: '+ New' }));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('textbox', { name: 'Name', exact: true }));
    await page.keyboard.type('By keyboard');
    const set = page.getByRole('combobox', { name: 'Device set' });
    await shows(set, 'refrigerators');
    await tabTo(page, set);
    await page.keyboard.type('All refri');
    await tabTo(page, page.getByRole('button', { name: 'Add operation' }));
    await page.keyboard.press('Enter');
    const setting = page.getByRole('combobox', { name: 'Setting 1' });
    await shows(setting, 'fanSpeed');
    await tabTo(page, setting);
    await page.keyboard.type('Fan');
    await tabTo(page, page.getByLabel('Value', { exact: true }));
    await page.keyboard.type('3');
    await pickerRows(page).first().waitFor();
    await tabTo(page, page.getByRole('checkbox', { name: 'Select every device of the entire set' }));
    await page.keyboard.press('Space');
    await shows(page.getByTestId('selected-line'), '2 of 2 selected');
    await tabTo(page, page.getByRole('button', { name: 'Run', exact: true }));
    await page.keyboard.press('Enter');
    await shows(jobStatus(page), 'Running');
    await tabTo(page, page.getByRole('button', { name: 'Stop', exact: true }));
    await page.keyboard.press('Enter');
    await shows(jobStatus(page), 'Stopped');
});
