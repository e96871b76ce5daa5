import type { VNode } from 'preact';
import { DevicePage } from './pages/devices/device_page';
import { DevicesPage } from './pages/devices/devices_page';
import { EditPage } from './pages/edit/edit_page';
import { GatewayPage } from './pages/gateway/gateway_page';
import { JobPage } from './pages/job/job_page';
import { JobsPage } from './pages/jobs_page';
import { NotFoundPage } from './pages/not_found_page';
import { SetPage } from './pages/sets/set_page';
import { SetsPage } from './pages/sets/sets_page';
import { TemplatePage } from './pages/templates/template_page';
import { TemplatesPage } from './pages/templates/templates_page';
import { path } from './ui/router';

type Page = (name: string) => VNode;

// Read from the top; the first that fits is shown. The keys make a page of another thing a new page.
const routes: [RegExp, Page][] = [
  [/^\/(?:jobs)?$/, () => <JobsPage />],
  [/^\/jobs\/new$/, () => <EditPage key="new" job={null} />],
  [/^\/jobs\/(\d+)\/edit$/, (job) => <EditPage key={job} job={Number(job)} />],
  [/^\/jobs\/(\d+)$/, (job) => <JobPage key={job} job={Number(job)} />],
  [/^\/devices$/, () => <DevicesPage />],
  [/^\/devices\/([^/]+)$/, (device) => <DevicePage key={device} device={device} />],
  [/^\/device-sets$/, () => <SetsPage />],
  [/^\/device-sets\/new$/, () => <SetPage key="new" set={null} />],
  [/^\/device-sets\/([^/]+)$/, (set) => <SetPage key={set} set={set} />],
  [/^\/templates$/, () => <TemplatesPage />],
  [/^\/templates\/new$/, () => <TemplatePage key="new" template={null} />],
  [/^\/templates\/([^/]+)$/, (template) => <TemplatePage key={template} template={template} />],
  [/^\/gateway$/, () => <GatewayPage />],
];

// A path that nobody could have written is shown as it is, and not found.
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

export function Routes() {
  for (const [pattern, page] of routes) {
    const match = pattern.exec(path.value);
    if (match) return page(decoded(match[1] ?? ''));
  }
  return <NotFoundPage />;
}
