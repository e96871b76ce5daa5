import type { JobType, PlanEffect } from '../api/types';

const types: Record<JobType, string> = {
  settings: 'Settings',
  properties: 'Properties',
  commands: 'Commands',
};
export const typeName = (type: JobType): string => types[type];

const singular: Record<JobType, string> = {
  settings: 'setting',
  properties: 'property',
  commands: 'command',
};
export const operationWord = (type: JobType): string => singular[type];

const effects: Record<PlanEffect, [string, string]> = {
  change: ['will change', 'A value will change.'],
  equal: ['already equal', 'The device already reports the value; it is sent all the same.'],
  unknown: ['value unknown', 'The device has reported nothing yet.'],
  apply: ['kept here', 'Kept by the gateway: applied without a message.'],
  call: ['will be called', 'The command will be sent.'],
  offline: ['offline', 'Held until the device comes online, or Failed at once, as the policy says.'],
  unsupported: ['unsupported', 'The template does not have it.'],
  out_of_range: ['out of range', 'The template does not allow the value.'],
};
export const effectName = (effect: PlanEffect): string => effects[effect]?.[0] ?? effect;
export const effectText = (effect: PlanEffect): string => effects[effect]?.[1] ?? '';

const reasons: Record<string, string> = {
  rejected: 'Rejected by the device',
  device_error: 'Device error',
  timeout: 'Timed out',
  offline: 'Offline',
  deleted: 'Deleted',
  unsupported: 'Unsupported',
  uncertain: 'Uncertain',
};
export const reasonName = (reason: string | null): string => (reason ? (reasons[reason] ?? reason) : '');

export const plural = (count: number, one: string, many = one + 's'): string => (count === 1 ? one : many);
