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

export const getSession = (): Promise<Session> => get('/session');

export const getStatus = (signal?: AbortSignal): Promise<Status> => get('/status', {}, signal);

export const listAudit = (query: Query, signal?: AbortSignal): Promise<Page<AuditEntry>> =>
  get('/audit', query, signal);

export const listDevices = (query: Query, signal?: AbortSignal): Promise<Page<Device>> =>
  get('/devices', query, signal);

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

export const listSetDevices = (set: string, query: Query, signal?: AbortSignal): Promise<SetDevices> =>
  get(pathOf('device-sets', set, 'devices'), query, signal);

export const previewSet = (query: Query, signal?: AbortSignal): Promise<SetDevices> =>
  get('/device-set-preview', query, signal);

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
