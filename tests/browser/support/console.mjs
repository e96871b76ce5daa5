// What a person does in the console, in words.
import { shows } from './eventually.mjs';

export const jobForm = (page) => page.getByRole('form', { name: 'Job' });
export const pickerRows = (page) => page.getByRole('table', { name: 'Devices of the set' }).locator('tbody tr:not(.skeleton-row)');
export const executionRow = (page, device) => page.getByRole('table', { name: 'Devices of the job' }).getByRole('row').filter({ hasText: device });
export const jobRow = (page, name) => page.getByRole('table', { name: 'Jobs' }).getByRole('row').filter({ hasText: name });
export const jobStatus = (page) => page.getByRole('region', { name: 'Details' }).getByTestId('status');

// A new job with one setting; everything else is left to the caller.
export async function fillJob(page, { name, set, setting = 'fanSpeed', value = '3' }) {
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await page.getByRole('combobox', { name: 'Device set' }).selectOption(set);
    await page.getByRole('button', { name: 'Add operation' }).click();
    await page.getByRole('combobox', { name: 'Setting 1' }).selectOption(setting);
    await page.getByLabel('Value', { exact: true }).fill(value);
}

export async function selectAll(page) {
    await page.getByRole('checkbox', { name: 'Select every device of the entire set' }).click();
}

export const action = (page, name) => page.getByRole('button', { name, exact: true });

export async function showsTally(page, { succeeded, failed, pending }, milliseconds) {
    await shows(page.getByTestId('tally-succeeded'), new RegExp(`^${succeeded}$`), milliseconds);
    await shows(page.getByTestId('tally-failed'), new RegExp(`^${failed}$`), milliseconds);
    await shows(page.getByTestId('tally-pending'), new RegExp(`^${pending}$`), milliseconds);
}

// The number in the address of a job's page.
export async function jobOf(page) {
    await page.waitForURL(/\/jobs\/\d+$/);
    return Number(new URL(page.url()).pathname.split('/').at(-1));
}

// The text of what a click makes the browser download.
export async function download(page, button) {
    const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
    const chunks = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk);
    return { name: file.suggestedFilename(), text: Buffer.concat(chunks).toString('utf8') };
}
