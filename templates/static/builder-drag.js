// Fields and choices are moved by their grip with a pointer. The keyboard has its own
// way, and so has a page without script.

/** @param {(form: HTMLFormElement, button: null, more: Record<string, string>) => void} send */
export function offerDrag (send) {
  document.addEventListener('pointerdown', (event) => {
    const grip = event.target.closest('#builder [data-grip]')
    if (!grip || event.button) return
    event.preventDefault()
    const item = grip.closest('[data-choice], [data-row]')
    begin(event, item, item.matches('[data-choice]') ? choices(item, send) : fields(item, send))
  })
}

/**
 * Where a field may go: anywhere in the form but into itself. One that was published
 * stays in what it stands in: dropped elsewhere, the server says so, and what to do.
 */
function fields (row, send) {
  const lists = [...document.querySelectorAll('.form-section [data-list]')].filter((list) => !row.contains(list))
  const into = (list) => list.dataset.into ?? ''
  const own = into(row.parentElement)
  const stays = row.hasAttribute('data-stays')
  return {
    name: row.querySelector('[data-label]')?.value ?? row.dataset.at,
    items: lists.flatMap((list) => [...list.querySelectorAll(':scope > [data-row]:not([hidden])')]),
    lists,
    refused: (list) => stays && into(list) !== own,
    drop (list, after) {
      const more = { do: 'move', after: after ? after.dataset.at.split('/').at(-1).replaceAll('~1', '/').replaceAll('~0', '~') : '' }
      const section = list.closest('[data-section]')
      if (section && !into(list)) more.section = section.dataset.section
      if (into(list) !== own) Object.assign(more, { do: 'move-into', into: into(list) })
      send(row.querySelector('form'), null, more)
    }
  }
}

function choices (choice, send) {
  const list = choice.parentElement
  return {
    name: choice.querySelector('input[type="text"]').value,
    items: [...list.children],
    lists: [list],
    refused: () => false,
    drop: (_, after) => send(choice.querySelector('form'), null, { do: 'move-choice', after: after ? after.dataset.choice : '' })
  }
}

function begin (event, item, way) {
  const ghost = element('drag-ghost')
  ghost.textContent = way.name
  const line = element('drop-line')
  item.classList.add('dragged')
  let at
  const move = (event) => {
    ghost.style.left = event.clientX + 12 + 'px'
    ghost.style.top = event.clientY - 16 + 'px'
    at = nearest(event.clientY, way)
    line.style.left = at.left + scrollX + 'px'
    line.style.top = at.y + scrollY - 1 + 'px'
    line.style.width = at.width + 'px'
    line.classList.toggle('refused', way.refused(at.list))
    const edge = 60
    if (event.clientY < edge) scrollBy(0, -12)
    if (event.clientY > innerHeight - edge) scrollBy(0, 12)
  }
  const end = (drop) => {
    for (const [name, listener] of listeners) removeEventListener(name, listener, true)
    ghost.remove()
    line.remove()
    item.classList.remove('dragged')
    if (!drop || !at || at.after === item || next(at) === item) return
    way.drop(at.list, at.after)
    if (way.refused(at.list)) return
    // It stands there at once; the answer only confirms it.
    if (at.after) at.after.after(item)
    else at.list.prepend(item)
  }
  const listeners = [
    ['pointermove', move], ['pointerup', () => end(true)], ['pointercancel', () => end(false)],
    ['keydown', (event) => { if (event.key === 'Escape') { event.stopPropagation(); end(false) } }]
  ]
  for (const [name, listener] of listeners) addEventListener(name, listener, true)
  move(event)
}

/** What stands right behind a place. */
function next ({ list, after }) {
  const of = '[data-row], [data-choice]'
  let one = after ? after.nextElementSibling : list.firstElementChild
  while (one && !one.matches(of)) one = one.nextElementSibling
  return one
}

/** The gap that is nearest to a height on the screen. */
function nearest (y, { items, lists }) {
  let best
  const consider = (gap) => { if (!best || Math.abs(gap.y - y) < Math.abs(best.y - y)) best = gap }
  for (const list of lists) {
    const own = items.filter((one) => one.parentElement === list)
    const box = (own[0] ?? list.closest('.within, .form-section')).getBoundingClientRect()
    consider({ list, after: null, y: own.length || list.dataset.into ? box.top : box.bottom, left: box.left, width: box.width })
    for (const one of own) {
      const { bottom, left, width } = one.getBoundingClientRect()
      consider({ list, after: one, y: bottom, left, width })
    }
  }
  return best
}

function element (name) {
  const made = document.createElement('div')
  made.className = name
  document.body.append(made)
  return made
}
