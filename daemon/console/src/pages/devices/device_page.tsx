import { deleteDevice, getDevice, getTemplate } from '../../api/fleet';
import { ApiError } from '../../api/error';
import type { Device } from '../../api/types';
import { mayAdminister } from '../../live/session';
import { useLive } from '../../live/use_live';
import { useResource } from '../../live/use_resource';
import { confirm } from '../../ui/confirm';
import { Empty, ErrorNote, Skeleton } from '../../ui/notes';
import { PageFrame } from '../../ui/page';
import { navigate } from '../../ui/router';
import { Presence } from '../../ui/status';
import { Time } from '../../ui/time';
import { useAction } from '../../ui/use_action';
import { DeviceHistory } from './device_history';
import { DeviceValues } from './device_values';
import { PairsEditor } from './pairs_editor';

export function DevicePage({ device: id }: { device: string }) {
  const resource = useResource((signal) => getDevice(id, signal), `device ${id}`);
  const { data: device, error, reload, refresh } = resource;
  const name = device?.template ?? '';
  const template = useResource(
    name
      ? (signal) =>
          getTemplate(name, signal)
            .then(({ body }) => body.document)
            .catch(() => null)
      : null,
    `template ${name}`,
  );
  useLive({
    devices: ({ changed, more }) => (more || changed.some((one) => one.device === id)) && refresh(),
    registry: (event) => event.kind === 'device' && (event.name === id || event.name === '') && refresh(),
    // What a job wrote shows in the desired values.
    job: refresh,
  });
  const above = <a href="/devices">‹ Devices</a>;
  if (!device || (error instanceof ApiError && error.status === 404)) {
    const gone = error instanceof ApiError && error.status === 404;
    return (
      <PageFrame title={id} above={above}>
        {gone ? (
          <Empty title={`There is no device ${id}.`}>It may have been deleted.</Empty>
        ) : error ? (
          <ErrorNote error={error} retry={reload} />
        ) : (
          <Skeleton lines={8} />
        )}
      </PageFrame>
    );
  }
  const heading = (
    <>
      {device.name} {device.name === device.device ? null : <span class="id">{device.device}</span>}
    </>
  );
  return (
    <PageFrame
      title={device.name}
      heading={heading}
      above={above}
      actions={mayAdminister.value ? <DeleteButton device={device} /> : null}
    >
      {error ? <ErrorNote error={error} retry={reload} /> : null}
      <section class="panel" aria-label="Details">
        <dl class="facts">
          <div>
            <dt>Presence</dt>
            <dd>
              <Presence online={device.online} />{' '}
              {device.since ? (
                <span class="muted">
                  since <Time at={device.since} />
                </span>
              ) : null}
            </dd>
          </div>
          <div>
            <dt>Template</dt>
            <dd>
              <a href={`/templates/${encodeURIComponent(device.template)}`}>{device.template}</a>{' '}
              {device.gateway ? <span class="tag">gateway: no job can target it</span> : null}
            </dd>
          </div>
          <div>
            <dt>Remembers</dt>
            <dd>{device.remembers === 0 ? 'no operation ids' : `${device.remembers} operation ids`}</dd>
          </div>
        </dl>
      </section>
      <DeviceValues device={device} template={template.data} />
      <div class="two">
        <PairsEditor device={device} kind="tags" title="Tags" onSaved={resource.reload} />
        <PairsEditor
          device={device}
          kind="properties"
          title="Properties"
          onSaved={resource.reload}
          template={template.data}
        />
      </div>
      <DeviceHistory device={id} />
    </PageFrame>
  );
}

function DeleteButton({ device }: { device: Device }) {
  const { busy, act } = useAction();
  const remove = () =>
    act(async () => {
      const sure = await confirm({
        title: `Delete ${device.device}?`,
        text: 'Where a running job still waits for it, it fails there as deleted. If it connects again, it registers anew.',
        action: 'Delete',
      });
      if (!sure) return undefined;
      await deleteDevice(device.device);
      await navigate('/devices');
      return `${device.device} is deleted.`;
    });
  return (
    <button type="button" class="button danger" disabled={busy} onClick={remove}>
      Delete
    </button>
  );
}
