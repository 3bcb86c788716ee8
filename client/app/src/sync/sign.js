// How the device stands, as a sign that is always in view: an icon, a word or two, and a
// sentence for who asks for more.

import { formatAgo, t } from '../words/words.js'

/** @typedef {import('../app/types.js').Status} Status */

/**
 * @param {Status} status
 * @param {boolean} [network] whether the browser believes that there is one; it is asked only
 *   while nobody has tried the server yet
 * @returns {{icon: keyof typeof import('../ui/icons.js').icons, tone: '' | 'good' | 'warn' | 'bad', text: string, sentence: string, turning: boolean}}
 */
export function signOf (status, network = globalThis.navigator?.onLine ?? true) {
  const waiting = status.pending ? ' ' + t('waitingSentence', { n: status.pending }) : ''
  if (status.lost) return { icon: 'alert', tone: 'bad', text: t('lostShort'), sentence: t('lostSentence'), turning: false }
  if (status.refused) return { icon: 'alert', tone: 'bad', text: t('refusedShort', { n: status.refused }), sentence: t('refusedSentence', { n: status.refused }) + waiting, turning: false }
  if (!status.signedIn) return { icon: 'lock', tone: 'warn', text: t('signedOutShort'), sentence: t('signedOutSentence') + waiting, turning: false }
  const untried = !status.online && !status.outOfReach && network
  if (!status.online && !untried) return { icon: 'offline', tone: 'warn', text: status.pending ? t('offlineWaiting', { n: status.pending }) : t('offlineShort'), sentence: t('offlineSentence') + waiting, turning: false }
  if (status.progress) return { icon: 'sync', tone: '', text: progressText(status.progress), sentence: t('receivingSentence'), turning: true }
  if (status.syncing && status.pending) return { icon: 'sync', tone: '', text: t('sendingShort', { n: status.pending }), sentence: t('syncingSentence'), turning: true }
  if (status.pending) return { icon: 'clock', tone: 'warn', text: t('waitingShort', { n: status.pending }), sentence: t('waitingSentence', { n: status.pending }), turning: false }
  // A quick look for news is no news: the sign only turns when there is something to tell.
  if (!status.lastSync || untried) return { icon: 'sync', tone: '', text: t('syncingShort'), sentence: t('syncingSentence'), turning: true }
  return { icon: 'check', tone: 'good', text: t('syncedShort'), sentence: t('syncedSentence', { when: formatAgo(status.lastSync) }), turning: false }
}

/** @param {{received: number, total?: number}} progress */
function progressText ({ received, total }) {
  if (!total) return t('receivedShort', { n: received })
  return Math.min(99, Math.floor(100 * received / total)) + ' %'
}
