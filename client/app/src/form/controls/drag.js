// Moving a card by its handle: the cards it passes make way while it is held, and it is
// moved once, when it is let go.

import { useEffect, useRef, useState } from 'preact/hooks'

/**
 * @typedef {{row: string, from: number, to: number, y: number, by: number, tops: number[], height: number}} Held
 *
 * @param {{current: HTMLElement | null}} list holds one child for each row
 * @param {string[]} rows in order
 * @param {(row: string, to: number) => void} move
 */
export function useDrag (list, rows, move) {
  const [held, setHeld] = useState(/** @type {Held | null} */ (null))
  const latest = useRef(held)
  latest.current = held

  /** @param {import('preact').TargetedPointerEvent<HTMLElement>} event @param {string} row */
  const start = (event, row) => {
    const cards = list.current ? [...list.current.children] : []
    const from = rows.indexOf(row)
    if (event.button !== 0 || !cards[from]) return
    event.preventDefault()
    event.currentTarget.focus()
    const boxes = cards.map((card) => card.getBoundingClientRect())
    const gap = boxes.length > 1 ? boxes[1].top - boxes[0].bottom : 0
    setHeld({ row, from, to: from, y: event.clientY + scrollY, by: 0, tops: boxes.map(({ top, height }) => top + scrollY + height / 2), height: boxes[from].height + gap })
  }

  useEffect(() => {
    if (!held) return
    /** @param {PointerEvent} event */
    const moved = (event) => {
      const now = latest.current
      if (!now) return
      const by = event.clientY + scrollY - now.y
      const middle = now.tops[now.from] + by
      const to = now.tops.filter((top, i) => i !== now.from && top < middle).length
      setHeld({ ...now, by, to })
    }
    const done = () => {
      const now = latest.current
      setHeld(null)
      if (now && now.to !== now.from) move(now.row, now.to)
    }
    const none = () => setHeld(null)
    addEventListener('pointermove', moved)
    addEventListener('pointerup', done)
    addEventListener('pointercancel', none)
    return () => {
      removeEventListener('pointermove', moved)
      removeEventListener('pointerup', done)
      removeEventListener('pointercancel', none)
    }
  }, [held !== null])

  return {
    held: held?.row,
    start,
    /** @param {string} row */
    styleOf (row) {
      if (!held) return undefined
      if (row === held.row) return { transform: `translateY(${held.by}px)` }
      const at = rows.indexOf(row)
      const way = at > held.from && at <= held.to ? -1 : at < held.from && at >= held.to ? 1 : 0
      return { transform: `translateY(${way * held.height}px)` }
    }
  }
}
