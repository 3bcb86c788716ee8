import { Icon } from './icon.jsx'

/**
 * What stands where there is nothing: why, and what can be done about it.
 * @param {{icon?: keyof typeof import('./icons.js').icons, title: string, children?: import('preact').ComponentChildren}} props
 */
export function Empty ({ icon = 'list', title, children }) {
  return <div class="empty"><Icon name={icon} /><h2>{title}</h2>{children}</div>
}

/**
 * A message that stays until what it tells of has changed.
 * @param {{tone?: 'good' | 'warn' | 'bad', icon?: keyof typeof import('./icons.js').icons, live?: boolean, children: import('preact').ComponentChildren}} props
 */
export function Notice ({ tone, icon, live, children }) {
  return <div class={tone ? 'notice ' + tone : 'notice'} role={live ? (tone === 'bad' ? 'alert' : 'status') : undefined}>{icon && <Icon name={icon} />}<div>{children}</div></div>
}
