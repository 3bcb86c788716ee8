import { Icon } from './icon.jsx'

/**
 * @typedef {import('preact').ButtonHTMLAttributes<HTMLButtonElement> & {
 *   kind?: 'primary' | 'danger' | 'quiet',
 *   icon?: keyof typeof import('./icons.js').icons,
 *   label?: string,
 *   busy?: boolean
 * }} ButtonProps
 */

/**
 * A button, at least 48 px high. With a label and no children it is only its icon, and
 * the label is what a screen reader says. While busy it turns and cannot be pressed again.
 * @param {ButtonProps} props
 */
export function Button ({ kind, icon, label, busy, children, class: more, type = 'button', disabled, ...rest }) {
  const only = label && !children
  const names = ['button', kind, only && 'only-icon', busy && 'busy', more].filter(Boolean).join(' ')
  return (
    <button type={type} class={names} aria-label={label} aria-busy={busy || undefined} disabled={disabled || busy} {...rest}>
      {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      {children && <span>{children}</span>}
    </button>
  )
}

/**
 * A link that looks like a button.
 * @param {import('preact').AnchorHTMLAttributes<HTMLAnchorElement> & {href: string, kind?: string, icon?: ButtonProps['icon'], label?: string}} props
 */
export function LinkButton ({ kind, icon, label, children, class: more, ...rest }) {
  const names = ['button', kind, label && !children && 'only-icon', more].filter(Boolean).join(' ')
  return <a class={names} aria-label={label} {...rest}>{icon && <Icon name={icon} />}{children && <span>{children}</span>}</a>
}
