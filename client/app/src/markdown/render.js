// Markdown to HTML, for people's notes: no HTML of theirs gets through, no picture is
// fetched from anywhere, and links open beside the app.

import MarkdownIt from 'markdown-it'

const md = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable('image')

md.renderer.rules.link_open = (tokens, index, options, _, self) => {
  tokens[index].attrSet('target', '_blank')
  tokens[index].attrSet('rel', 'noreferrer noopener nofollow')
  return self.renderToken(tokens, index, options)
}

// Columns are aligned by a style attribute, which the policy of the page forbids.
for (const rule of ['th_open', 'td_open']) {
  md.renderer.rules[rule] = (tokens, index, options, _, self) => {
    const align = /text-align:(\w+)/.exec(String(tokens[index].attrGet('style')))
    tokens[index].attrs = align ? [['class', 'align-' + align[1]]] : []
    return self.renderToken(tokens, index, options)
  }
}

// Headings stand below those of the page, with no step left out, whatever levels a note uses.
md.core.ruler.push('levels', (state) => {
  const headings = state.tokens.filter(({ type }) => type === 'heading_open' || type === 'heading_close')
  const used = [...new Set(headings.map(({ tag }) => tag))].sort()
  for (const token of headings) token.tag = 'h' + Math.min(6, 3 + used.indexOf(token.tag))
})

/**
 * @param {string} text
 * @returns {string} HTML that is safe to put into the page
 */
export const render = (text) => md.render(text)
