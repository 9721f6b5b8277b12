import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { zip } from '../../src/media/zip'

const LIST_SCRIPT = 'import json, sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(json.dumps([z.testzip(), {n: z.read(n).decode() for n in z.namelist()}]))'

/** Unpacks an archive with Python: the name of the first damaged file, and the contents of all files. */
function unzipped(archive: Uint8Array): unknown {
  const folder = mkdtempSync(path.join(tmpdir(), 'painting-'))
  try {
    const file = path.join(folder, 'a.zip')
    writeFileSync(file, archive)
    return JSON.parse(execFileSync('python3', ['-c', LIST_SCRIPT, file], { encoding: 'utf8' }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('zip', () => {
  it('writes an archive that Python reads, with unique names in any script', () => {
    const file = (name: string, text: string) => ({ name, content: new TextEncoder().encode(text) })
    const archive = zip([file('вишня.png', 'one'), file('rose.png', 'two'), file('rose.png', 'three')])
    expect(unzipped(archive)).toEqual([null, { 'вишня.png': 'one', 'rose.png': 'two', 'rose-2.png': 'three' }])
  })

  it('writes an empty archive for no files', () => {
    expect(unzipped(zip([]))).toEqual([null, {}])
  })
})
