// The parts of the app that stand on admin pages: each is mounted into an element of the
// page and says what it can do from then on. They need no style of the page's and give it none.

export { mountCell } from './cell.jsx'
export { mountPreview } from './preview.jsx'
export { mountForm } from './record.jsx'
export { mountRehearsal } from './rehearsal/mount.jsx'
