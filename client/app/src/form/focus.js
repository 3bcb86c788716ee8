// Where the focus goes when what had it is gone.

/**
 * Puts the focus into a field, or into the first input of one.
 * @param {string} id
 * @param {Document | ShadowRoot} root what the form stands in
 */
export function focusIn (id, root) {
  const found = root.getElementById(id)
  const input = found?.matches('input, select, textarea, button') ? found : found?.querySelector('input:checked') ?? found?.querySelector('input, select, textarea, button')
  if (input instanceof HTMLElement) input.focus()
}
