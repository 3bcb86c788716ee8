// Where the focus goes once a list shows what was asked of it, and what is typed until then.
//
// A change of a record that is kept is on the disk before it is drawn: on a slow phone
// that is long enough for a person to type on.

import { useLayoutEffect, useRef } from 'preact/hooks'
import { focusIn } from '../focus.js'

/**
 * @typedef {{from: Element | null, to: () => string, typed: string}} Going
 *   from: what had the focus; to: the id of what gets it, '' while that is not there
 */

/**
 * Whoever calls it is drawn again when the list moves.
 * @param {Document | ShadowRoot} root what the form stands in
 */
export function useOnward (root) {
  const going = useRef(/** @type {Going | null} */ (null))
  useLayoutEffect(() => {
    const now = going.current
    if (!now) return
    const has = focused(root)
    const elsewhere = has && has !== now.from
    if (elsewhere && !now.typed) return void (going.current = null)
    const id = now.to()
    if (!id) return
    going.current = null
    focusIn(id, root)
    if (now.typed) typeInto(focused(root), now.typed)
    // Who has gone elsewhere meanwhile stays there.
    if (elsewhere && has instanceof HTMLElement) has.focus()
  })
  return {
    /** @param {() => string} to asked after each draw */
    go (to) {
      going.current = { from: focused(root), to, typed: '' }
    },
    stop () {
      going.current = null
    },
    /** Keys on what was pressed are meant for where the focus goes. @param {KeyboardEvent} event */
    keep (event) {
      const { key, ctrlKey, metaKey, altKey } = event
      if (!going.current || ctrlKey || metaKey || altKey || [...key].length !== 1) return
      if (key === ' ' && !going.current.typed) return
      event.preventDefault()
      going.current.typed += key
    }
  }
}

/** What has the focus, in what the form stands in or beside it. @param {Document | ShadowRoot} root */
function focused (root) {
  const has = root.activeElement ?? document.activeElement
  return has === document.body ? null : has
}

const picked = ['checkbox', 'radio', 'date', 'time', 'datetime-local']

/** @param {Element | null} input @param {string} text */
function typeInto (input, text) {
  const takes = input instanceof HTMLTextAreaElement || (input instanceof HTMLInputElement && !picked.includes(input.type))
  if (!takes) return
  input.value += text
  input.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: text }))
}
