import { vi } from 'vitest'
import { response, type Answer } from './server'

export interface Post {
  readonly path: string
  readonly body: Record<string, unknown>
  readonly signal: AbortSignal
}

/** Put a server in place of the network that is sent JSON. */
export function servePosts(answer: (post: Post) => Answer | Promise<Answer>): Post[] {
  const posts: Post[] = []
  vi.stubGlobal('fetch', async (address: string, init: RequestInit & { body: string; signal: AbortSignal }) => {
    const { pathname } = new URL(address, 'http://server/')
    const post = { path: pathname, body: JSON.parse(init.body) as Record<string, unknown>, signal: init.signal }
    posts.push(post)
    return response(await answer(post))
  })
  return posts
}
