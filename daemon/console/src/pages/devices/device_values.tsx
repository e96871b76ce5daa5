import type { Device, TemplateDocument } from '../../api/types';
import { sameValue, valueText } from '../../logic/value_text';
import { DataTable, type Column } from '../../ui/data_table';
import { Empty } from '../../ui/notes';

interface Line {
  name: string;
  title: string;
  unit: string;
  differs: boolean;
  desired: string;
  reported: string;
}

// Desired are the settings that were sent last; reported is all that the device says. Side by side,
// with what is not as it should be marked.
function linesOf(device: Device, template: TemplateDocument | null): Line[] {
  const names = [
    ...new Set([
      ...Object.keys(template?.settings ?? {}),
      ...Object.keys(device.settings),
      ...Object.keys(device.reported),
    ]),
  ];
  return names.map((name) => {
    const known = template?.settings?.[name] ?? template?.properties?.[name] ?? template?.reported?.[name];
    const desired = device.settings[name];
    const reported = device.reported[name];
    return {
      name,
      title: known?.title ?? '',
      unit: known?.unit ?? '',
      differs: desired !== undefined && !sameValue(desired, reported),
      desired: valueText(desired),
      reported: valueText(reported),
    };
  });
}

const columns: Column<Line>[] = [
  {
    name: 'Value',
    kind: 'main',
    cell: ({ name, title }) => (
      <>
        {title || name}
        {title && title !== name ? (
          <>
            {' '}
            <span class="id">{name}</span>
          </>
        ) : null}
      </>
    ),
  },
  {
    name: 'Desired',
    cell: ({ desired, unit }) => (
      <span class="value">
        {desired}
        {desired === '–' || !unit ? '' : ` ${unit}`}
      </span>
    ),
  },
  {
    name: 'Reported',
    cell: ({ reported, unit }) => (
      <span class="value">
        {reported}
        {reported === '–' || !unit ? '' : ` ${unit}`}
      </span>
    ),
  },
  {
    name: 'Difference',
    cell: ({ differs }) =>
      differs ? <span class="tag tag-differs">differs</span> : <span class="muted">–</span>,
  },
];

export function DeviceValues({ device, template }: { device: Device; template: TemplateDocument | null }) {
  return (
    <section class="section" aria-labelledby="values-title">
      <h2 id="values-title">Desired and reported</h2>
      <DataTable
        label="Desired and reported values"
        columns={columns}
        rows={linesOf(device, template)}
        keyOf={({ name }) => name}
        rowClass={({ differs }) => (differs ? 'row-differs' : '')}
        empty={<Empty title="Nothing reported and nothing desired yet." />}
      />
    </section>
  );
}
