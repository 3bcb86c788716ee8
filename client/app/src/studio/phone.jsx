/**
 * A phone, drawn, with what the app would show on it.
 * @param {{
 *   title: string, label: string, children: import('preact').ComponentChildren,
 *   aside?: import('preact').ComponentChildren, foot?: import('preact').ComponentChildren
 * }} props aside: at the right of the title
 */
export function Phone ({ title, label, aside, foot, children }) {
  return (
    <section class="phone" aria-label={label}>
      <header class="phone-bar"><h3>{title}</h3>{aside}</header>
      <div class="phone-screen" tabIndex={0} role="group" aria-label={title}>{children}</div>
      {foot && <footer class="phone-foot">{foot}</footer>}
    </section>
  )
}
