import { getTemplate, listSets, listTemplates } from '../../api/fleet';
import type { DeviceSet, TemplateDocument } from '../../api/types';
import { useLive } from '../../live/use_live';
import { useResource } from '../../live/use_resource';

export interface Fleet {
  sets: DeviceSet[];
  template: TemplateDocument | null; // of the chosen set
  gateway: boolean; // no job can target the devices of the chosen set
}

// As many sets as a select can be asked to show.
const mostListed = 1000;

export function useFleet(set: string): Fleet {
  const sets = useResource((signal) => listSets({ limit: mostListed }, signal), 'sets');
  const templates = useResource((signal) => listTemplates({ limit: mostListed }, signal), 'templates');
  const name = sets.data?.items.find((one) => one.set === set)?.template ?? '';
  const template = useResource(
    name ? (signal) => getTemplate(name, signal).then(({ body }) => body.document) : null,
    `template ${name}`,
  );
  useLive({
    registry: ({ kind, name: changed }) => {
      if (kind === 'set' || changed === '') sets.refresh();
      if (kind === 'template' || changed === '') template.refresh();
    },
  });
  const listed = templates.data?.items.find((one) => one.template === name);
  return {
    sets: sets.data?.items ?? [],
    template: template.data,
    gateway: listed?.gateway ?? template.data?.gateway ?? false,
  };
}
