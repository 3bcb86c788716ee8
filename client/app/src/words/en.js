// English, the language the app is written in. de.js has the same keys.

export const en = {
  appName: 'fieldstack',
  justNow: 'just now',
  back: 'Back',
  close: 'Close',
  cancel: 'Cancel',
  dismiss: 'Dismiss',
  copy: 'Copy',
  copied: 'Copied',
  undo: 'Undo',
  loading: 'Loading…',
  yes: 'Yes',
  no: 'No',
  tryAgain: 'Try again',
  required: 'required'
}
