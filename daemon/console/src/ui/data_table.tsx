import type { ComponentChildren } from 'preact';
import { ErrorNote } from './notes';

export interface Column<Row> {
  name: string; // also the label of the value on a phone, where rows are cards
  cell: (row: Row) => ComponentChildren;
  heading?: ComponentChildren; // instead of the name
  sort?: string; // what the server calls this order
  kind?: 'number' | 'check' | 'main' | 'wide';
}

export interface Order {
  sort: string;
  order: 'asc' | 'desc';
}

interface Props<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string | number;
  loading?: boolean;
  error?: unknown;
  retry?: () => void;
  empty: ComponentChildren;
  order?: Order;
  onOrder?: (order: Order) => void;
  rowClass?: (row: Row) => string;
}

const skeletonRows = [0, 1, 2, 3, 4, 5];

function Heading<Row>({
  column,
  order,
  onOrder,
}: {
  column: Column<Row>;
  order: Order | undefined;
  onOrder: ((order: Order) => void) | undefined;
}) {
  if (!column.sort || !order || !onOrder) return <>{column.heading ?? column.name}</>;
  const sorted = order.sort === column.sort;
  const next = sorted && order.order === 'asc' ? 'desc' : 'asc';
  return (
    <button type="button" class="sort" onClick={() => onOrder({ sort: column.sort!, order: next })}>
      {column.name}
      <span aria-hidden="true" class="sort-mark">
        {sorted ? (order.order === 'asc' ? '↑' : '↓') : ''}
      </span>
    </button>
  );
}

function ariaSort<Row>(
  column: Column<Row>,
  order: Order | undefined,
): 'ascending' | 'descending' | 'none' | undefined {
  if (!column.sort || !order) return undefined;
  if (order.sort !== column.sort) return 'none';
  return order.order === 'asc' ? 'ascending' : 'descending';
}

// One page of rows. The roles are written out: on a phone the rows are laid out as cards, and a
// browser forgets that a table is one when its display is changed.
export function DataTable<Row>(props: Props<Row>) {
  const { label, columns, rows, loading, error, retry, order, onOrder } = props;
  if (error && rows.length === 0) return <ErrorNote error={error} retry={retry} />;
  if (!loading && rows.length === 0) return <>{props.empty}</>;
  return (
    <div class="table-frame" aria-busy={loading ?? false}>
      {error ? <ErrorNote error={error} retry={retry} /> : null}
      <table role="table" aria-label={label}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th
                key={column.name}
                role="columnheader"
                scope="col"
                class={column.kind ?? ''}
                aria-sort={ariaSort(column, order)}
              >
                <Heading column={column} order={order} onOrder={onOrder} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {loading ? skeletonRows.map((row) => <SkeletonRow key={row} columns={columns.length} />) : null}
          {rows.map((row) => (
            <tr role="row" key={props.keyOf(row)} class={props.rowClass?.(row) ?? ''}>
              {columns.map((column) => (
                <td key={column.name} role="cell" class={column.kind ?? ''} data-label={column.name}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// As high as a row, so that nothing jumps when the rows come.
function SkeletonRow({ columns }: { columns: number }) {
  return (
    <tr role="row" class="skeleton-row" aria-hidden="true">
      {Array.from({ length: columns }, (_, index) => (
        <td key={index} role="cell">
          <span class="skeleton" />
        </td>
      ))}
    </tr>
  );
}
