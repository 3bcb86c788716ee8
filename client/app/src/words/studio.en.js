// English: what the islands on admin pages say. Same keys as studio.de.js.

export const studioEn = {
  // The form of a record
  changes: { zero: 'No changes', one: '{n} field changed, not saved yet', other: '{n} fields changed, not saved yet' },
  discard: 'Discard',
  discardAsk: 'Discard what you changed?',
  discardMore: 'What you typed here and did not save will be gone.',
  discarded: 'Your changes were discarded',
  saved: 'Saved',
  notSaved: 'Not saved',
  keptFor: 'What you changed is kept in this browser until it is saved.',
  found: { one: 'What you changed earlier, in {n} field, was not saved. It is here again.', other: 'What you changed earlier, in {n} fields, was not saved. It is here again.' },
  mendFirst: 'Some fields cannot be saved as they are.',
  chooseFirst: 'Somebody else changed what you changed. Choose which is to stay, then save.',

  // The preview
  previewOf: 'Preview of {title}',
  tryIt: 'Try to save',
  wouldSave: 'This record could be saved.',
  cannotSave: 'This keeps it from being saved',
  startAgain: 'Start again',
  faulty: { one: 'The draft has a mistake. The form is shown as it was before it.', other: 'The draft has {n} mistakes. The form is shown as it was before them.' },
  noFields: 'No fields yet',
  noFieldsMore: 'Add a field, and it appears here as it will on a phone.'
}
