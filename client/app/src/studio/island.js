// A part of the app on a page of somebody else's: it stands in a shadow tree of its own,
// so that neither the page's style nor its ids are in the way of the other's.

import { render } from 'preact'
import { speak } from '../words/words.js'
import { dress } from './stylesheet.js'

/**
 * @typedef {object} Island
 * @property {ShadowRoot} root
 * @property {(what: import('preact').ComponentChild) => void} draw
 * @property {() => void} close takes it off the page again
 */

/**
 * Makes an island in an element. What the element held before is not shown any more.
 * @param {Element} element a div or section of the page; one island each
 * @param {string} kind names what it is, for the style
 * @param {string} [lang] the language that it speaks
 * @returns {Island}
 */
export function island (element, kind, lang) {
  if (lang) speak(lang.split('-')[0])
  const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
  const box = element.ownerDocument.createElement('div')
  box.className = 'island ' + kind
  root.replaceChildren(box)
  dress(root, box)
  return {
    root,
    draw: (what) => render(what, box),
    close () {
      render(null, box)
      root.replaceChildren()
    }
  }
}
