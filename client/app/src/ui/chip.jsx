import { Icon } from './icon.jsx'

/**
 * A mark that says a state in a word or two.
 * @param {{icon?: keyof typeof import('./icons.js').icons, tone?: 'good' | 'warn' | 'bad' | 'accent', children: import('preact').ComponentChildren}} props
 */
export function Chip ({ icon, tone, children }) {
  return <span class={tone ? 'chip ' + tone : 'chip'}>{icon && <Icon name={icon} />}{children}</span>
}

/**
 * A chip to switch on and off, 48 px high.
 * @param {{on: boolean, onChange: (on: boolean) => void, disabled?: boolean, children: import('preact').ComponentChildren}} props
 */
export function Toggle ({ on, onChange, disabled, children }) {
  return (
    <button type="button" class="toggle" aria-pressed={on} disabled={disabled} onClick={() => onChange(!on)}>
      {on && <Icon name="check" />}<span>{children}</span>
    </button>
  )
}
