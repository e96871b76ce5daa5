import { counted, wholePage } from '../logic/piecewise';
import { ask, get, pathOf, type Answer, type Query } from './http';
import type {
  AuditEntry,
  Device,
  DeviceExecution,
  DeviceSet,
  Json,
  ListedTemplate,
  Page,
  Session,
  SetDevices,
  Status,
  StoredTemplate,
  TemplateDocument,
} from './types';

type PageQuery = Query & { limit: number; cursor: string };

export const getSession = (): Promise<Session> => get('/session');

export const getStatus = (signal?: AbortSignal): Promise<Status> => get('/status', {}, signal);

export const listAudit = (query: Query, signal?: AbortSignal): Promise<Page<AuditEntry>> =>
  get('/audit', query, signal);

export const listDevices = (query: PageQuery, signal?: AbortSignal): Promise<Page<Device>> =>
  wholePage(query.limit, query.cursor, (limit, cursor) =>
    get('/devices', { ...query, limit, cursor }, signal),
  );

export const getDevice = (device: string, signal?: AbortSignal): Promise<Device> =>
  get(pathOf('devices', device), {}, signal);

export const listDeviceJobs = (
  device: string,
  query: Query,
  signal?: AbortSignal,
): Promise<Page<DeviceExecution>> => get(pathOf('devices', device, 'jobs'), query, signal);

export interface DeviceChange {
  name?: string;
  tags?: { [name: string]: Json };
  properties?: { [name: string]: Json };
}

export const changeDevice = async (device: string, change: DeviceChange): Promise<Device> =>
  (await ask<Device>('PATCH', pathOf('devices', device), { body: change })).body;

export const deleteDevice = async (device: string): Promise<void> => {
  await ask('DELETE', pathOf('devices', device));
};

export const listSets = (query: Query, signal?: AbortSignal): Promise<Page<DeviceSet>> =>
  get('/device-sets', query, signal);

export const getSet = (set: string, signal?: AbortSignal): Promise<Answer<DeviceSet>> =>
  ask('GET', pathOf('device-sets', set), signal ? { signal } : {});

// How many devices it has now.
export async function countSet(set: string, signal?: AbortSignal): Promise<number> {
  const again = async (): Promise<DeviceSet> => (await getSet(set, signal)).body;
  return (await counted(await again(), again)).devices ?? 0;
}

// The page that was asked for, with the counts as they are when all of the set was looked at.
async function setPage(path: string, query: PageQuery, signal?: AbortSignal): Promise<SetDevices> {
  const page = await wholePage<SetDevices>(query.limit, query.cursor, (limit, cursor) =>
    get(path, { ...query, limit, cursor }, signal),
  );
  const again = (): Promise<SetDevices> => get(path, { ...query, limit: 1, cursor: '' }, signal);
  return { ...(await counted(page, again)), items: page.items, next: page.next };
}

export const listSetDevices = (set: string, query: PageQuery, signal?: AbortSignal): Promise<SetDevices> =>
  setPage(pathOf('device-sets', set, 'devices'), query, signal);

export const previewSet = (query: PageQuery, signal?: AbortSignal): Promise<SetDevices> =>
  setPage('/device-set-preview', query, signal);

export type SetBody = Pick<DeviceSet, 'title' | 'description' | 'template' | 'query'>;

export const putSet = async (set: string, body: SetBody, ifMatch?: string): Promise<DeviceSet> =>
  (await ask<DeviceSet>('PUT', pathOf('device-sets', set), { body, ifMatch })).body;

export const deleteSet = async (set: string): Promise<void> => {
  await ask('DELETE', pathOf('device-sets', set));
};

export const listTemplates = (query: Query, signal?: AbortSignal): Promise<Page<ListedTemplate>> =>
  get('/templates', query, signal);

export const getTemplate = (template: string, signal?: AbortSignal): Promise<Answer<StoredTemplate>> =>
  ask('GET', pathOf('templates', template), signal ? { signal } : {});

export const putTemplate = async (
  template: string,
  body: TemplateDocument,
  ifMatch?: string,
): Promise<StoredTemplate> =>
  (await ask<StoredTemplate>('PUT', pathOf('templates', template), { body, ifMatch })).body;

export const deleteTemplate = async (template: string): Promise<void> => {
  await ask('DELETE', pathOf('templates', template));
};
