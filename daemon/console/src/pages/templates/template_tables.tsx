import type { CommandDefinition, Schema, TemplateDocument, ValueDefinition } from '../../api/types';
import { schemaText } from '../../logic/schema_text';
import { durationText } from '../../logic/times';
import { DataTable, type Column } from '../../ui/data_table';
import { Empty } from '../../ui/notes';

type Value = { name: string } & ValueDefinition;
type Command = { name: string } & CommandDefinition;

const named = <Definition,>(definitions: Record<string, Definition> | undefined) =>
  Object.entries(definitions ?? {}).map(([name, definition]) => ({ name, ...definition }));

const keptBy = ({ readOnly, kept }: ValueDefinition) =>
  readOnly ? 'only the device says it' : kept === 'device' ? 'device' : 'gateway';

const main = { name: 'Name', kind: 'main' as const };
const nameCell = ({ name, title }: { name: string; title?: string }) => (
  <>
    {title || name}
    {title ? (
      <>
        {' '}
        <span class="id">{name}</span>
      </>
    ) : null}
  </>
);

const valueColumns: Column<Value>[] = [
  { ...main, cell: nameCell },
  { name: 'Allowed', kind: 'wide', cell: ({ schema }) => schemaText(schema) },
  { name: 'Unit', cell: ({ unit }) => unit || <span class="muted">–</span> },
  {
    name: 'Description',
    kind: 'wide',
    cell: ({ description }) => description || <span class="muted">–</span>,
  },
];
const propertyColumns: Column<Value>[] = [
  valueColumns[0]!,
  valueColumns[1]!,
  { name: 'Kept by', cell: keptBy },
  valueColumns[3]!,
];
const commandColumns: Column<Command>[] = [
  { ...main, cell: nameCell },
  { name: 'Arguments', kind: 'wide', cell: ({ args }) => <Arguments schema={args} /> },
  { name: 'Timeout', cell: ({ timeout_seconds: seconds }) => durationText(1000 * (seconds ?? 30)) },
  {
    name: 'Description',
    kind: 'wide',
    cell: ({ description }) => description || <span class="muted">–</span>,
  },
];

function Arguments({ schema }: { schema: Schema | undefined }) {
  const properties = Object.entries((schema?.['properties'] ?? {}) as Record<string, Schema>);
  const required = (schema?.['required'] ?? []) as string[];
  if (properties.length === 0) return <span class="muted">none</span>;
  return (
    <ul class="changes">
      {properties.map(([name, rules]) => (
        <li key={name}>
          <code>{name}</code>
          {required.includes(name) ? '' : ' (optional)'}: {schemaText(rules)}
        </li>
      ))}
    </ul>
  );
}

function Part<Row extends { name: string }>({
  title,
  rows,
  columns,
  empty,
}: {
  title: string;
  rows: Row[];
  columns: Column<Row>[];
  empty: string;
}) {
  return (
    <section class="section" aria-label={title}>
      <h2>{title}</h2>
      <DataTable
        label={title}
        columns={columns}
        rows={rows}
        keyOf={({ name }) => name}
        empty={<Empty title={empty} />}
      />
    </section>
  );
}

export function TemplateTables({ document }: { document: TemplateDocument }) {
  return (
    <>
      <Part title="Settings" rows={named(document.settings)} columns={valueColumns} empty="No settings." />
      <Part
        title="Properties"
        rows={named(document.properties)}
        columns={propertyColumns}
        empty="No properties."
      />
      <Part title="Commands" rows={named(document.commands)} columns={commandColumns} empty="No commands." />
      <Part
        title="Reported"
        rows={named(document.reported)}
        columns={valueColumns}
        empty="Nothing else reported."
      />
    </>
  );
}
