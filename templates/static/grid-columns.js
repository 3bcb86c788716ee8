// Columns: those that stand still side by side, and widths by drag or, on the head of a
// column, by Alt and the arrow keys. Widths are kept for the person who drags.

const least = 64
const most = 800

export function arrangeColumns (grid) {
  const { table } = grid
  const cols = [...table.querySelectorAll('colgroup > col')]
  const rules = new CSSStyleSheet()
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, rules]

  /** Says where each column that stands still begins. */
  function still () {
    let left = Number(cols[0].width)
    const lines = []
    grid.cells.columns.forEach(({ head }, i) => {
      if (!head.classList.contains('frozen')) return
      lines.push(`.sheet tr > :nth-child(${i + 2}).frozen { left: ${left}px }`)
      left += Number(cols[i + 1].width)
    })
    rules.replaceSync(lines.join('\n'))
  }
  still()

  function resize (i, width) {
    cols[i + 1].width = String(Math.round(Math.max(least, Math.min(most, width))))
    still()
  }

  /** Takes columns as wide as they are shown: few of them are stretched to fill the page. */
  const asShown = () => grid.cells.columns.map(({ head }) => head.offsetWidth).forEach((width, i) => { cols[i + 1].width = String(width) })

  let soon
  function keep () {
    clearTimeout(soon)
    soon = setTimeout(() => {
      const form = new URLSearchParams({ from: grid.query })
      grid.cells.columns.forEach(({ key, head }, i) => {
        form.append('column', key)
        form.append('width', `${key}:${cols[i + 1].width}`)
        if (head.classList.contains('frozen')) form.append('frozen', key)
      })
      if (table.classList.contains('compact')) form.set('compact', 'yes')
      fetch(`${grid.path}/columns`, { method: 'POST', body: form, redirect: 'manual', keepalive: true })
    }, 300)
  }

  grid.cells.columns.forEach(({ head }, i) => {
    const grip = document.createElement('span')
    grip.className = 'grip'
    grip.addEventListener('pointerdown', (event) => {
      event.preventDefault()
      grip.setPointerCapture(event.pointerId)
      const begin = event.clientX
      const width = head.offsetWidth
      asShown()
      const move = (moved) => resize(i, width + moved.clientX - begin)
      grip.addEventListener('pointermove', move)
      grip.addEventListener('pointerup', () => { grip.removeEventListener('pointermove', move); keep() }, { once: true })
    })
    head.append(grip)
    head.addEventListener('keydown', (event) => {
      const by = { ArrowLeft: -16, ArrowRight: 16 }[event.key]
      if (!event.altKey || !by) return
      event.preventDefault()
      asShown()
      resize(i, head.offsetWidth + by)
      keep()
    })
  })
}
