import type { Json, JsonObject, Schema } from '../api/types';

// Which input a JSON Schema asks for. What is not understood here is edited as JSON: the server
// checks every value anyway, and says what is wrong.
export type FieldModel =
  | {
      kind: 'number';
      integer: boolean;
      minimum: number | null;
      maximum: number | null;
      step: number;
      slider: boolean;
    }
  | { kind: 'choice'; options: Json[] }
  | { kind: 'toggle' }
  | { kind: 'text'; most: number | null; long: boolean }
  | { kind: 'members'; members: MemberModel[] }
  | { kind: 'json'; expects: string };

export interface MemberModel {
  name: string;
  title: string;
  description: string;
  required: boolean;
  model: FieldModel;
  initial: Json | undefined;
}

const sliderSteps = 1000;
const longText = 200;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const numberOr = (value: Json | undefined): number | null => (typeof value === 'number' ? value : null);
const textOr = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function numberField(schema: Schema, integer: boolean): FieldModel {
  const above = numberOr(schema['exclusiveMinimum']);
  const below = numberOr(schema['exclusiveMaximum']);
  const minimum = numberOr(schema['minimum']) ?? (integer && above !== null ? above + 1 : above);
  const maximum = numberOr(schema['maximum']) ?? (integer && below !== null ? below - 1 : below);
  const range = minimum !== null && maximum !== null ? maximum - minimum : null;
  const fine = range !== null && range <= 10 ? 0.1 : 0.5;
  const step = numberOr(schema['multipleOf']) ?? (integer ? 1 : fine);
  return {
    kind: 'number',
    integer,
    minimum,
    maximum,
    step,
    slider: range !== null && range > 0 && range / step <= sliderSteps,
  };
}

function memberFields(schema: Schema): FieldModel {
  const properties = schema['properties'];
  // Members beyond those that are named could not be entered, so all is entered as JSON.
  const open = isObject(schema['additionalProperties']) || schema['additionalProperties'] === true;
  if (!isObject(properties) || open) return { kind: 'json', expects: 'an object' };
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const members = Object.entries(properties).map(([name, member]) => {
    const rules = isObject(member) ? member : {};
    return {
      name,
      title: textOr(rules['title']) || name,
      description: textOr(rules['description']),
      required: required.includes(name),
      model: fieldOf(rules),
      initial: rules['default'],
    };
  });
  return { kind: 'members', members };
}

export function fieldOf(schema: Schema): FieldModel {
  if (Array.isArray(schema['enum'])) return { kind: 'choice', options: schema['enum'] };
  if (schema['const'] !== undefined) return { kind: 'choice', options: [schema['const']] };
  switch (schema['type']) {
    case 'integer':
      return numberField(schema, true);
    case 'number':
      return numberField(schema, false);
    case 'boolean':
      return { kind: 'toggle' };
    case 'string': {
      const most = numberOr(schema['maxLength']);
      return { kind: 'text', most, long: most !== null && most > longText };
    }
    case 'object':
      return memberFields(schema);
    case 'array':
      return { kind: 'json', expects: 'a list' };
    default:
      return { kind: 'json', expects: 'any value' };
  }
}

// What a new input holds: the schema's default, or nothing. A toggle has to stand somewhere, and an
// object begins with what its members begin with.
export function initialValue(schema: Schema): Json | undefined {
  if (schema['default'] !== undefined) return schema['default'];
  const model = fieldOf(schema);
  if (model.kind === 'toggle') return false;
  if (model.kind === 'choice' && model.options.length === 1) return model.options[0];
  if (model.kind !== 'members') return undefined;
  return initialMembers(model.members);
}

export function initialMembers(members: readonly MemberModel[]): JsonObject {
  const values: JsonObject = {};
  for (const { name, required, model, initial } of members) {
    const begin = initial ?? (model.kind === 'toggle' && required ? false : undefined);
    if (begin !== undefined) values[name] = begin;
  }
  return values;
}

// "0 to 5 level", "at least 1 min", "at most 32 characters"; empty where there is nothing to say.
export function rangeText(model: FieldModel, unit = ''): string {
  const tail = unit ? ` ${unit}` : '';
  if (model.kind === 'text') return model.most === null ? '' : `at most ${model.most} characters`;
  if (model.kind !== 'number') return unit;
  if (model.minimum !== null && model.maximum !== null) return `${model.minimum} to ${model.maximum}${tail}`;
  if (model.minimum !== null) return `at least ${model.minimum}${tail}`;
  if (model.maximum !== null) return `at most ${model.maximum}${tail}`;
  return unit;
}
