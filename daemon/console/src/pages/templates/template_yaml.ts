import { LineCounter, parseDocument, stringify, type Document } from 'yaml';
import type { ErrorDetail, TemplateDocument } from '../../api/types';

// The YAML library is loaded with this file, when a template is edited and not before.

export interface YamlMistake {
  line: number; // from 1
  message: string;
}

export interface ReadYaml {
  document: TemplateDocument | null;
  mistakes: YamlMistake[];
  lineOf: (field: string) => number;
}

// As people write a template, whatever order its members come in.
const order = ['name', 'title', 'description', 'gateway', 'settings', 'properties', 'reported', 'commands'];
const inOrder = (document: TemplateDocument): [string, unknown][] =>
  Object.entries(document).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));

// Texts such as off and yes are quoted: readers of YAML 1.1 would take them for something else.
export const writeYaml = (document: TemplateDocument): string =>
  stringify(Object.fromEntries(inOrder(document)), { lineWidth: 100, version: '1.1' });

// "settings.fanSpeed.schema.enum[2]" as the path of a node.
export function pathOfField(field: string): (string | number)[] {
  return field
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

// The line of the node at the path, or of the nearest one around it: what is missing has no line.
function lineAt(yaml: Document, lines: LineCounter, field: string): number {
  const path = pathOfField(field);
  for (let length = path.length; length > 0; length -= 1) {
    const node = yaml.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

export function readYaml(text: string): ReadYaml {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const mistakes = yaml.errors.map((error) => ({
    line: lines.linePos(error.pos[0]).line,
    message: error.message,
  }));
  const content: unknown = mistakes.length > 0 ? null : yaml.toJS({ maxAliasCount: 100 });
  if (mistakes.length === 0 && (typeof content !== 'object' || content === null || Array.isArray(content))) {
    mistakes.push({ line: 1, message: 'a template is an object: name, settings, properties, commands' });
  }
  return {
    document: mistakes.length > 0 ? null : (content as TemplateDocument),
    mistakes,
    lineOf: (field) => lineAt(yaml, lines, field),
  };
}

export const mistakesOf = (read: ReadYaml, details: readonly ErrorDetail[]): YamlMistake[] =>
  details.map(({ field, message }) => ({ line: read.lineOf(field), message: `${field} ${message}`.trim() }));
