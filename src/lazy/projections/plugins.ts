import type { Listener } from '../../projection/after/after-projection.ts';
import type { RunnableProjection } from '../../projection/runnable.ts';
import { lazy } from '../lazy.ts';
import type { ProjectionParts } from './parts.ts';

/** Plugins that are told of what commits did; nothing where none is configured. */
export function pluginProjection({
  environment,
  store,
  wiki,
  events,
}: ProjectionParts): RunnableProjection[] {
  const { plugins, runtime, recorder } = environment;
  if (plugins === undefined) return [];
  const made = lazy('plugin-projection', recorder, async () => {
    const [{ createAfterProjection }, { openStateDocument }, reader, opened, uuid] = await Promise.all([
      import('../../projection/after/after-projection.ts'),
      import('../../projection/state/state-document.ts'),
      events(),
      store(),
      wiki.wikiId(),
    ]);
    const place = { store: opened, uuid, runtime, own: null, parseOwn: () => null };
    return createAfterProjection({
      listeners,
      stateOf: name => openStateDocument({ ...place, name: `plugin-${name}` }),
      events: reader,
      runtime,
    });
  });

  async function listeners(): Promise<Listener[]> {
    const { list, times } = (await plugins?.()) ?? { list: [] };
    return list.flatMap(({ plugin }) => {
      if (plugin.afterEvents === undefined) return [];
      const after: Listener['after'] = async told => {
        try {
          await times?.timed(plugin.name, 'afterEvents', () => plugin.afterEvents?.(told));
        } catch (error) {
          times?.failed(plugin.name, 'afterEvents', error);
          throw error;
        }
      };
      return [{ name: plugin.name, after }];
    });
  }

  return [
    {
      name: 'plugins',
      condition: async () => (await made()).condition(),
      run: async run => (await made()).run(run),
      rebuild: async run => (await made()).rebuild(run),
    },
  ];
}
