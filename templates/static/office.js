// Comfort for the pages about the server. Everything is readable without it: each chart
// has a table beside it.

// A chart tells the bar that is pointed at, or, once it has the focus, the one that the
// arrow keys lead to.
for (const chart of document.querySelectorAll('[data-chart]')) {
  const read = chart.querySelector('[data-read]')
  const plot = chart.querySelector('.chart-plot')
  const bars = [...chart.querySelectorAll('[data-bar]')]
  const about = read.textContent
  let here = -1

  const show = (i) => {
    bars[here]?.classList.remove('here')
    here = i
    bars[here]?.classList.add('here')
    read.textContent = bars[here]?.dataset.bar ?? about
  }

  for (const [i, bar] of bars.entries()) {
    bar.querySelector('title')?.remove()
    bar.addEventListener('pointerenter', () => show(i))
  }
  plot.addEventListener('pointerleave', () => show(-1))

  plot.tabIndex = 0
  plot.setAttribute('role', 'group')
  plot.setAttribute('aria-labelledby', chart.querySelector('h2').id)
  read.setAttribute('aria-live', 'polite')
  plot.addEventListener('focus', () => { if (here < 0) show(bars.length - 1) })
  plot.addEventListener('blur', () => show(-1))
  plot.addEventListener('keydown', (event) => {
    const to = {
      ArrowLeft: Math.max(0, here - 1), ArrowRight: Math.min(bars.length - 1, here + 1), Home: 0, End: bars.length - 1
    }[event.key]
    if (to === undefined) return
    event.preventDefault()
    show(to)
  })
}
