import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const PYTHON_PATH = process.env['PAINTING_PYTHON'] ?? fileURLToPath(new URL('../../.venv-dev/bin/python', import.meta.url))

/** A running server of the page. */
export interface Server {
  readonly address: string
  readonly port: number
  /** Terminates it gracefully; its exit code. */
  stop: () => Promise<number | null>
}

/** Serves painters, bundled ones by their names, the first as default, at a port; 0 picks a free one. */
export async function serve(painters: readonly string[], port = 0, environment: Record<string, string> = {}): Promise<Server> {
  const painterOptions = painters.flatMap((name) => ['--painter', name])
  // A long deadline for busy machines; overload is tested with mocked responses.
  const settings = ['--port', String(port), '--log-level', 'error', '--deadline-seconds', '60']
  const parameters = ['-m', 'painting', 'serve', ...settings, ...painterOptions]
  const child = spawn(PYTHON_PATH, parameters, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...environment } })
  const address = await addressOf(child)
  return { address, port: Number(new URL(address).port), stop: () => stop(child) }
}

/** Writes a static site of some painters, and serves it by Python's file server under a path of the address, which knows nothing of it. */
export async function serveSite(painters: readonly string[]): Promise<Server> {
  const root = await mkdtemp(path.join(tmpdir(), 'painting-site-'))
  await promisify(execFile)(PYTHON_PATH, ['-m', 'painting', 'site', ...painters, '--out', path.join(root, 'a', 'site')])
  const child = spawn(PYTHON_PATH, ['-u', '-m', 'http.server', '0', '--bind', '127.0.0.1', '--directory', root], { stdio: ['ignore', 'pipe', 'ignore'] })
  const { origin, port } = new URL(await addressOf(child))
  async function stopAndDelete(): Promise<number | null> {
    const code = await stop(child)
    await rm(root, { recursive: true })
    return code
  }
  return { address: `${origin}/a/site`, port: Number(port), stop: stopAndDelete }
}

/** Writes a painter file without prompts, named "cut-out", whose pictures have transparency. */
export async function writeTransparentPainter(path: string): Promise<void> {
  const script = fileURLToPath(new URL('transparent_painter.py', import.meta.url))
  await promisify(execFile)(PYTHON_PATH, [script, path])
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stdout) {
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /http:\/\/\S+:\d+/.exec(line)
      if (url) return url[0]
    }
  }
  throw new Error('the server exited before it printed its URL')
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
  return child.exitCode
}
