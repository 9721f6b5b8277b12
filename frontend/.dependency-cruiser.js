/** The folders of src/ from the top down: a folder imports only from those below it, and never from one beside it. */
const FOLDER_LAYERS = [['components'], ['composables'], ['engine', 'embed'], ['server', 'browser'], ['media'], ['model']]

const directions = FOLDER_LAYERS.flatMap((layer, depth) =>
  layer.map((folder) => {
    const beside = layer.filter((other) => other !== folder)
    const above = FOLDER_LAYERS.slice(0, depth).flat()
    return {
      name: `${folder}-imports-downwards`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: `^src/(App[.]vue|main[.]ts|(${[...above, ...beside].join('|')})/)` },
    }
  }),
)

/** What `npm run lint` refuses of imports, those of types alone included. */
export default {
  forbidden: [{ name: 'no-circular', severity: 'error', from: {}, to: { circular: true } }, ...directions],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
}
