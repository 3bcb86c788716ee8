/**
 * A phone, drawn, with what the app would show on it.
 * @param {{
 *   title: import('preact').ComponentChildren, label: string, screen: string, children: import('preact').ComponentChildren,
 *   aside?: import('preact').ComponentChildren, head?: import('preact').ComponentChildren, foot?: import('preact').ComponentChildren
 * }} props label names the phone and screen what it shows; aside: at the right of the title, head: below it
 */
export function Phone ({ title, label, screen, aside, head, foot, children }) {
  return (
    <section class="phone" aria-label={label}>
      <header class="phone-bar"><p class="phone-name">{title}</p>{aside}</header>
      {head}
      <div class="phone-screen" tabIndex={0} role="group" aria-label={screen}>{children}</div>
      {foot && <footer class="phone-foot">{foot}</footer>}
    </section>
  )
}
