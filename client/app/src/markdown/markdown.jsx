import { useEffect, useState } from 'preact/hooks'

/** @type {((text: string) => string) | undefined} */
let render

/**
 * Markdown as it is read. What renders it is loaded when it is first needed; until then
 * the text stands as it was written.
 * @param {{text: string}} props
 */
export function Markdown ({ text }) {
  const [, again] = useState(false)
  useEffect(() => {
    if (render) return
    let there = true
    import('./render.js').then((module) => { render = module.render; if (there) again(true) }, () => {})
    return () => { there = false }
  }, [])
  if (!render) return <p class="plain">{text}</p>
  return <div class="markdown" dangerouslySetInnerHTML={{ __html: render(text) }} />
}
