// The shapes of the HTTP API, as daemon/api/openapi.yaml describes them.

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

export type JobType = 'settings' | 'properties' | 'commands';
export type JobStatus = 'Pending' | 'Running' | 'Completed' | 'Failed' | 'Stopped';
export type ExecutionStatus = 'Completed' | 'Failed' | 'Pending';
export type Role = 'viewer' | 'operator' | 'admin';

export const jobTypes: readonly JobType[] = ['settings', 'properties', 'commands'];
export const jobStatuses: readonly JobStatus[] = ['Running', 'Pending', 'Completed', 'Failed', 'Stopped'];
export const reasons = [
  'rejected',
  'device_error',
  'timeout',
  'offline',
  'deleted',
  'unsupported',
  'uncertain',
] as const;

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export interface ErrorDetail {
  field: string;
  message: string;
}

export interface Session {
  user: string;
  role: Role;
  version: string;
  root?: string; // what all topics begin with
}

export interface Tally {
  selected: number;
  succeeded: number;
  failed: number;
  pending: number;
}

// A setting or property with its value, or a command with its arguments.
export interface Operation {
  name: string;
  value?: Json;
  args?: JsonObject;
}

export type Selection = { all: true; except?: string[] } | { devices: string[] };

export interface Policy {
  timeout_seconds?: number;
  offline?: 'wait' | 'fail';
  window?: number;
}

export interface JobSpec {
  name: string;
  description: string;
  set: string;
  selection: Selection;
  type: JobType;
  operations: Operation[];
  policy: Policy;
}

export interface ListedJob {
  job: number;
  revision: number;
  name: string;
  description: string;
  set: string;
  type: JobType;
  policy?: Policy;
  status: JobStatus;
  detail: string;
  tally: Tally;
  template: { name: string; version: number } | null;
  parent: number | null;
  created_by: string;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
}

export interface Outcome {
  status: ExecutionStatus;
  reason: string | null;
  message: string;
  count: number;
}

export interface Drift {
  added: string[];
  left: string[];
  deleted: string[];
  broken: string | null;
}

export interface Job extends ListedJob {
  selection: Selection;
  operations: Operation[];
  policy: Policy;
  outcomes: Outcome[];
  drift?: Drift;
}

export interface Execution {
  device: string;
  name: string;
  deleted: boolean;
  status: ExecutionStatus;
  reason: string | null;
  message: string;
  detail: string;
  attempts: number;
  progress: number | null;
  first_sent_at: string | null;
  last_sent_at: string | null;
  finished_at: string | null;
  old: JsonObject | null;
  new: JsonObject | null;
  late: string | null;
}

export interface DeviceExecution extends Execution {
  job: number;
  job_name: string;
  job_status?: JobStatus;
}

export const planEffects = [
  'change',
  'equal',
  'unknown',
  'apply',
  'call',
  'offline',
  'unsupported',
  'out_of_range',
] as const;
export type PlanEffect = (typeof planEffects)[number];

export interface PlannedDevice {
  device: string;
  name: string;
  effect: PlanEffect;
  changes: { name: string; old: Json; new: Json }[];
}

export interface Plan extends Page<PlannedDevice> {
  digest: string;
  template: { name: string; version: number };
  selected: number;
  messages: number;
  refused: string | null;
  counts: Partial<Record<PlanEffect, number>>;
}

export interface ProgressSample {
  at: string;
  succeeded: number;
  failed: number;
  pending: number;
}

export interface Progress {
  job: number;
  started_at: string | null;
  items: ProgressSample[];
  complete: boolean;
}

export interface Device {
  device: string;
  template: string;
  name: string;
  tags: JsonObject;
  properties: JsonObject;
  settings: JsonObject;
  reported: JsonObject;
  online: boolean;
  since: string | null;
  remembers: number;
  gateway: boolean;
}

export interface DeviceSet {
  set: string;
  title: string;
  description: string;
  template: string;
  query: string;
  revision: number;
  broken: string | null;
  devices?: number;
  at_least?: boolean; // `devices` is still being counted
}

// A page of a set's devices. `matching` counts those that pass the search, where there is one.
export interface SetDevices extends Page<Device> {
  count: number;
  matching?: number;
  at_least?: boolean; // the counts are still being made
  broken: string | null;
}

export type Schema = JsonObject;

export interface ValueDefinition {
  title?: string;
  unit?: string;
  description?: string;
  kept?: 'gateway' | 'device';
  readOnly?: boolean;
  schema: Schema;
}

export interface CommandDefinition {
  title?: string;
  description?: string;
  timeout_seconds?: number;
  args?: Schema;
}

export interface TemplateDocument {
  name: string;
  title?: string;
  description?: string;
  gateway?: boolean;
  settings?: Record<string, ValueDefinition>;
  properties?: Record<string, ValueDefinition>;
  reported?: Record<string, ValueDefinition>;
  commands?: Record<string, CommandDefinition>;
}

export interface ListedTemplate {
  template: string;
  title: string;
  gateway: boolean;
  version: number;
  devices: number;
}

export interface StoredTemplate {
  template: string;
  version: number;
  document: TemplateDocument;
}

export interface Broker {
  connected: boolean;
  url: string;
  mqtt_version: number | string | null;
  since: string | null;
  detail: string;
}

export interface Store {
  healthy: boolean;
  state: string;
  since: string | null;
  detail: string;
}

export interface Readiness {
  ready: boolean;
  checks: Record<string, string>;
}

export interface GatewayEvent {
  broker: Broker;
  store: Store;
  readiness: Readiness;
  version: string;
}

export interface Status extends GatewayEvent {
  started_at: string;
  devices: { total: number; online: number };
  jobs: Record<JobStatus, number>;
  counters: Record<string, number>;
}

export interface AuditEntry {
  number: number;
  at: string;
  user: string;
  action: string;
  subject: string;
  detail: JsonObject | null;
}
