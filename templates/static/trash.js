// A button that ticks all boxes of the page, or none.
const form = document.getElementById('trash')
for (const button of form?.querySelectorAll('[data-tick-all]') ?? []) {
  button.hidden = false
  button.addEventListener('click', () => {
    const boxes = [...form.querySelectorAll('[name=id]')]
    const all = boxes.every((box) => box.checked)
    for (const box of boxes) box.checked = !all
  })
}
