import { icons } from './icons.js'

/**
 * An icon. It says nothing to a screen reader: the words beside it do.
 * @param {{name: keyof typeof icons, class?: string}} props
 */
export function Icon ({ name, class: more }) {
  return <svg class={more ? 'icon ' + more : 'icon'} viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d={icons[name]} /></svg>
}
