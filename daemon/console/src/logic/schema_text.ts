import type { Json, Schema } from '../api/types';
import { fieldOf, rangeText } from './schema_field';
import { valueText } from './value_text';

// What a schema allows, in words: "integer, 0 to 5", "one of off, eco, on".
export function schemaText(schema: Schema): string {
  if (Array.isArray(schema['enum'])) return `one of ${(schema['enum'] as Json[]).map(valueText).join(', ')}`;
  if (schema['const'] !== undefined) return `only ${valueText(schema['const'])}`;
  const type = schema['type'];
  const words: Record<string, string> = { string: 'text', boolean: 'true or false', array: 'list' };
  const name =
    typeof type === 'string'
      ? (words[type] ?? type)
      : Array.isArray(type)
        ? type.map(valueText).join(' or ')
        : 'any value';
  const pattern = typeof schema['pattern'] === 'string' ? `pattern ${schema['pattern']}` : '';
  return [name, rangeText(fieldOf(schema)), pattern].filter(Boolean).join(', ');
}
