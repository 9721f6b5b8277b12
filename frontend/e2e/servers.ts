import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const PYTHON = process.env['PAINTING_PYTHON'] ?? fileURLToPath(new URL('../../.venv-dev/bin/python', import.meta.url))

/** A running `painting serve`. */
export interface Server {
  readonly address: string
  readonly port: number
  /** Ask it to leave; how it ended. */
  stop: () => Promise<number | null>
}

/** Serve bundled painters, the first of them by default, at a port: 0 for any free one. */
export async function serve(painters: readonly string[], port = 0): Promise<Server> {
  const chosen = painters.flatMap((name) => ['--painter', name])
  // On a busy machine painting takes its time; what a full server is told by is tested with answers made up for it.
  const settings = ['--port', String(port), '--log-level', 'error', '--deadline-seconds', '60']
  const parameters = ['-m', 'painting', 'serve', ...settings, ...chosen]
  const child = spawn(PYTHON, parameters, { stdio: ['ignore', 'pipe', 'inherit'] })
  const address = await addressOf(child)
  return { address, port: Number(new URL(address).port), stop: () => stop(child) }
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stdout) {
    for await (const line of createInterface({ input: child.stdout })) {
      const told = /http:\/\/\S+:\d+/.exec(line)
      if (told) return told[0]
    }
  }
  throw new Error('the server ended before it said where it listens')
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
  return child.exitCode
}
